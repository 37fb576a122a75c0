using Peili.Containerd;

namespace Peili.NodeAgent.ColdStart;

/// <summary>This node's part in the fetch of a blob.</summary>
internal sealed class Lease(Digest digest, string registry, string repository)
{
    private volatile IReadOnlyList<string> _path = [];

    public Digest Digest => digest;

    /// <summary>The registry it comes from.</summary>
    public string Registry => registry;

    /// <summary>The repository there; empty where it is not known.</summary>
    public string Repository => repository;

    /// <summary>Its place among those that asked; 0 while nobody has said.</summary>
    public uint Ordinal { get; set; }

    /// <summary>Whether this node's containerd fetches it from upstream.</summary>
    public bool IsOrigin { get; set; }

    /// <summary>The nodes that the bytes come through, from the origin on, or from one that holds the blob; none for an origin.</summary>
    public IReadOnlyList<string> Path
    {
        get => _path;
        set => _path = value;
    }

    /// <summary>When it became an origin, or anything of its registry came after that, in <see cref="TimeProvider.GetTimestamp"/>'s unit.</summary>
    public long FlowedAt { get; set; }

    /// <summary>Until when a request for it is left to upstream, in <see cref="TimeProvider.GetTimestamp"/>'s unit; 0 for not at all.</summary>
    public long UpstreamUntil { get; set; }

    /// <summary>How many bytes there were when it was last looked at; of an origin, and of a blob that is complete.</summary>
    public long Mark { get; set; }
}
