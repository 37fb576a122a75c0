namespace Peili.LocalCluster.Kubernetes;

/// <summary>What a <see cref="KubernetesCluster"/> starts with.</summary>
public sealed record KubernetesClusterOptions
{
    /// <summary>How many nodes to start; more can be added.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>What they run.</summary>
    public KubernetesNodeOptions Node { get; init; } = new();
}
