namespace Peili.LocalCluster;

/// <summary>What a cluster starts with.</summary>
public sealed record ClusterOptions
{
    /// <summary>How many nodes to start; more can be added.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>What they run.</summary>
    public NodeOptions Node { get; init; } = new();

    /// <summary>Whether machines have IPv6 addresses only; IPv4 only otherwise. The loopback always has both.</summary>
    public bool IPv6 { get; init; }
}
