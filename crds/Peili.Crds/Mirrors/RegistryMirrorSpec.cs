using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Which nodes of the cluster mirror which registries, and how.</summary>
[Rule(
    "self.upstreamFallback || self.resolveTags != 'Never' || (has(self.additionalMirrors) && self.additionalMirrors.size() > 0)",
    Messages.SomebodyResolves)]
[Rule(
    "!has(self.registries) || self.registries.size() == 0 || !has(self.additionalMirrors) || "
    + "self.additionalMirrors.all(mirror, !has(mirror.registries) || mirror.registries.all(host, host in self.registries))",
    Messages.RegistriesOfMirrors)]
public sealed record RegistryMirrorSpec
{
    /// <summary>
    /// The registries to mirror, by host or host:port as in image names, such as docker.io; every registry where there are none. At most 32, each of at most 260 characters.
    /// </summary>
    [Items(32, Unique = true)]
    [Length(260, Min = 1)]
    [Pattern(Patterns.RegistryHost, Patterns.RegistryHostMessage)]
    [Rule("!(self in ['index.docker.io', 'registry-1.docker.io', 'hub.docker.com', 'registry.hub.docker.com'])", Messages.DockerHub, OnItems = true)]
    public IReadOnlyList<string> Registries { get; init => field = value ?? []; } = [];

    /// <summary>
    /// What is never mirrored: regular expressions over host/repository:tag and host/repository@digest, in the syntax of RE2, matching anywhere unless anchored.
    /// At most 32, each of at most 512 characters.
    /// </summary>
    [Items(32, Unique = true)]
    [Length(512, Min = 1)]
    [Rule("''.matches(self) in [true, false]", Messages.Filter, OnItems = true)]
    [Rule("!self.contains('[:') && !self.contains('-[')", Messages.FilterClasses, OnItems = true)]
    public IReadOnlyList<string> Filters { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Who says what a tag means. WhenUpstreamDown, the default: the upstream registry, and the cluster's nodes while it does not answer. Always: the
    /// cluster's nodes first. Never: the upstream registry alone. Digests are always looked for in the cluster first.
    /// </summary>
    public ResolveTags ResolveTags { get; init; }

    /// <summary>Other mirrors, asked in this order after the agent and before the upstream registry. At most 16.</summary>
    [Items(16, Keys = ["url"])]
    public IReadOnlyList<AdditionalMirror> AdditionalMirrors { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Whether the upstream registry is asked for what no mirror has; true where it is not said. With false the nodes never ask the internet (air-gap), and what no mirror has is not found.
    /// </summary>
    public bool? UpstreamFallback { get; init => field = value ?? true; } = true;

    /// <summary>
    /// What becomes of mirrors that nodes have configured already. Keep, the default: they are asked after ours. Replace: they are put out of force, and brought back when the node is left.
    /// </summary>
    public ExistingHosts ExistingHosts { get; init; }

    /// <summary>
    /// The labels of the nodes to mirror on; every Linux node where there are none. Of two RegistryMirrors that select the same node the older has it. At most 32.
    /// </summary>
    [Properties(32)]
    [Length(63)]
    [Pattern(Patterns.LabelValue, Patterns.LabelValueMessage)]
    [Rule("self.all(name, name.size() <= 317 && name.matches(r'" + Patterns.LabelKey + "'))", Patterns.LabelKeyMessage)]
    [Rule(
        "!('peili.dev/mirror' in self) && !('peili.dev/flavor' in self)",
        Messages.NoOwnLabels)]
    [Rule("!('kubernetes.io/os' in self) || self['kubernetes.io/os'] == 'linux'", Messages.LinuxOnly)]
    public IReadOnlyDictionary<string, string> NodeSelector { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>
    /// The taints that agents put up with. Every taint where it is not said, for a node without agent pulls from upstream. At most 64.
    /// </summary>
    [Items(64)]
    public IReadOnlyList<Toleration> Tolerations { get; init => field = value ?? s_everyTaint; } = s_everyTaint;

    /// <summary>The agents' pods: image, resources, log level, environment.</summary>
    public AgentSpec Agent { get; init => field = value ?? new AgentSpec(); } = new();

    /// <summary>The ports of the nodes that agents listen on.</summary>
    public PortsSpec Ports { get; init => field = value ?? new PortsSpec(); } = new();

    /// <summary>Where the nodes' containerd is, and what may be done to it.</summary>
    public ContainerdSpec Containerd { get; init => field = value ?? new ContainerdSpec(); } = new();

    /// <summary>Passing on of blobs that a node is still downloading itself, by which many nodes that want one new image download it once.</summary>
    public RelaySpec Relay { get; init => field = value ?? new RelaySpec(); } = new();

    /// <summary>How much each node gives to the others; automatic where nothing is said.</summary>
    public UploadsSpec Uploads { get; init => field = value ?? new UploadsSpec(); } = new();

    /// <summary>Where agents serve metrics: on loopback alone, or on the node's address as well.</summary>
    public MetricsSpec Metrics { get; init => field = value ?? new MetricsSpec(); } = new();

    /// <summary>How changes of the agents are rolled out: how many nodes may be without agent at once.</summary>
    public UpdateStrategySpec UpdateStrategy { get; init => field = value ?? new UpdateStrategySpec(); } = new();

    /// <summary>
    /// What is done about Pod Security of the operator's namespace, which must admit agents (privileged: they use the host's network and paths).
    /// Apply, the default: its labels are set. Report: they are left alone, and the condition PodSecurityReady says what is missing.
    /// </summary>
    public PodSecurityMode PodSecurity { get; init; }

    /// <summary>
    /// What is done about the taint peili.dev/agent-not-ready, with which you may register nodes so that no pod is there before the agent. Remove, the default: it is
    /// taken off when the agent serves, and after 5 minutes at the latest. Ignore: it is left alone.
    /// </summary>
    public StartupTaintMode StartupTaint { get; init; }

    private static readonly IReadOnlyList<Toleration> s_everyTaint = [new Toleration { Operator = "Exists" }];
}
