namespace Peili.NodeAgent.Hosting;

/// <summary>The agent's listeners.</summary>
internal enum Listener
{
    /// <summary>The pull API for this node's containerd, on loopback.</summary>
    Registry,

    /// <summary>The pull API for other agents: what this node holds, never what it would have to fetch.</summary>
    Peer,

    /// <summary>Probes, status and metrics, on loopback.</summary>
    Operations,

    /// <summary>Metrics alone, for who has the token.</summary>
    Metrics,
}
