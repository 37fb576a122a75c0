namespace Peili.Overlay.Simulation.ColdStart;

/// <summary>What a simulated agent and its containerd are doing about the blob.</summary>
internal enum FetchState
{
    /// <summary>It asks a tracker, or members.</summary>
    Searching,

    /// <summary>A parent has taken it; bytes come as they come.</summary>
    Streaming,

    /// <summary>Its containerd fetches from upstream.</summary>
    Origin,

    /// <summary>It has the blob.</summary>
    Done,

    /// <summary>Its machine is gone.</summary>
    Dead,
}
