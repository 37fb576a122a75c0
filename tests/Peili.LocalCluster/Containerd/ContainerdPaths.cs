namespace Peili.LocalCluster.Containerd;

/// <summary>Where a containerd has its files, as its machine sees them.</summary>
/// <param name="Root">What it keeps.</param>
/// <param name="State">What goes with a boot.</param>
/// <param name="Socket">Where it serves gRPC.</param>
/// <param name="Configuration">Its configuration file.</param>
/// <param name="Hosts">Its certs.d.</param>
/// <param name="Prefix">What goes in front of each of them where they are seen from outside.</param>
internal sealed record ContainerdPaths(string Root, string State, string Socket, string Configuration, string Hosts, string Prefix)
{
    /// <summary>Where Kubernetes and its add-ons look for them. The machine has folders of <paramref name="directory"/> there.</summary>
    internal static ContainerdPaths Standard(string directory) => new(
        "/var/lib/containerd", "/run/containerd", "/run/containerd/containerd.sock",
        "/etc/containerd/config.toml", "/etc/containerd/certs.d", directory);

    /// <summary>Everything below one folder, which is the same outside.</summary>
    internal static ContainerdPaths Below(string directory) => new(
        Path.Combine(directory, "root"), Path.Combine(directory, "state"), Path.Combine(directory, "containerd.sock"),
        Path.Combine(directory, "containerd.toml"), Path.Combine(directory, "certs.d"), "");
}
