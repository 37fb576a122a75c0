using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Where the nodes' containerd is. Each path that is empty is the one that the node's flavor (k3s, EKS, ...) has.</summary>
public sealed record ContainerdSpec
{
    private const string OptionalPath = "^$|" + Patterns.HostPath;

    /// <summary>The socket of containerd, as in <c>/run/containerd/containerd.sock</c>. At most 107 characters.</summary>
    [Length(107)]
    [Pattern(OptionalPath, Patterns.HostPathMessage)]
    public string SocketPath { get; init => field = value ?? ""; } = "";

    /// <summary>Its content store, as in <c>/var/lib/containerd/io.containerd.content.v1.content</c>. At most 512 characters.</summary>
    [Length(512)]
    [Pattern(OptionalPath, Patterns.HostPathMessage)]
    public string ContentPath { get; init => field = value ?? ""; } = "";

    /// <summary>The folder that its config_path names, as in <c>/etc/containerd/certs.d</c>. At most 512 characters.</summary>
    [Length(512)]
    [Pattern(OptionalPath, Patterns.HostPathMessage)]
    public string HostsPath { get; init => field = value ?? ""; } = "";

    /// <summary>Its configuration, as in <c>/etc/containerd/config.toml</c>. At most 512 characters.</summary>
    [Length(512)]
    [Pattern(OptionalPath, Patterns.HostPathMessage)]
    public string ConfigPath { get; init => field = value ?? ""; } = "";

    /// <summary>
    /// What is done about nodes whose containerd needs other settings. "Off", the default: they are named with the remedy. "Restart": a privileged pod edits the settings and restarts containerd,
    /// one node after the other, and the first failure ends it. Write "Off" in quotes: YAML reads it as false without.
    /// </summary>
    public RemediationMode Remediation { get; init; }
}
