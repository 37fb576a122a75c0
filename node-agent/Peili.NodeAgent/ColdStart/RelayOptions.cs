using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>How this node takes part in cold starts, and how much it gives to others.</summary>
internal sealed record RelayOptions
{
    /// <summary>False with --relay=off: this node neither streams from those that are fetching, nor is streamed from while it fetches.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>How long requests of one repository wait for a first byte, in half a minute.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes a second below which another source is looked for; 0 for none.</summary>
    public long MinRate { get; init; } = 256 * 1024;

    /// <summary>The most bytes a second sent to other nodes; null for as many as there are.</summary>
    public long? UploadRate { get; init; }

    /// <summary>How many blobs are streamed to other nodes at once.</summary>
    public int Uploads { get; init; } = Admission.DefaultMostUploads;
}
