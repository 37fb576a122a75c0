using Peili.LocalCluster.Containerd;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>What a node of a <see cref="KubernetesCluster"/> runs, and how it registers.</summary>
public sealed record KubernetesNodeOptions
{
    /// <summary>Its containerd: 1.6 or 1.7, for this kubelet speaks to no later one.</summary>
    public ContainerdRelease Containerd { get; init; } = ContainerdRelease.V1_6;

    /// <summary>The configuration of its containerd.</summary>
    public ContainerdSettings Settings { get; init; } = new();

    /// <summary>
    /// Whether it has a systemd, on the system bus at /run/dbus, whose unit containerd.service is the node's containerd: what restarts containerd
    /// by way of its host finds one. Where <see cref="Systemd.SystemdHost.WhyNot"/> is null.
    /// </summary>
    public bool Systemd { get; init; }

    /// <summary>Labels it registers with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Taints it registers with, each as <c>key=value:Effect</c>.</summary>
    public IReadOnlyList<string> Taints { get; init; } = [];
}
