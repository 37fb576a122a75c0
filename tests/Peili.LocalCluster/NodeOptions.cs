using Peili.LocalCluster.Containerd;

namespace Peili.LocalCluster;

/// <summary>What a node runs.</summary>
public sealed record NodeOptions
{
    /// <summary>Its containerd.</summary>
    public ContainerdRelease Containerd { get; init; } = ContainerdRelease.V1_6;

    /// <summary>The configuration of its containerd.</summary>
    public ContainerdSettings Settings { get; init; } = new();
}
