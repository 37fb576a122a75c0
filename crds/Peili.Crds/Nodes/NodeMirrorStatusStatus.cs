using System.Text.Json.Serialization;
using Peili.Crds.Schema;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Serialization;

namespace Peili.Crds;

/// <summary>What the operator last saw of a node.</summary>
public sealed record NodeMirrorStatusStatus
{
    /// <summary>The RegistryMirror that has the node.</summary>
    [Length(253)]
    public string Mirror { get; init => field = Bounded.Text(value, 253); } = "";

    /// <summary>The node's kind, as in <c>k3s</c>, which says where its containerd is.</summary>
    [Length(63)]
    public string Flavor { get; init => field = Bounded.Text(value, 63); } = "";

    /// <summary>The version of containerd that runs there, as in <c>2.3.4</c>; empty where it is not known.</summary>
    [Length(64)]
    public string ContainerdVersion { get; init => field = Bounded.Text(value, 64); } = "";

    /// <summary>
    /// What the node is to mirroring. Compatible: it pulls from peers. NeedsConfiguration: it will after the remedies of its findings. Unsupported: it cannot. Unknown: it could not be told yet.
    /// </summary>
    public Verdict Verdict { get; init; }

    /// <summary>What stands between its containerd and the agent, the worst first. At most 64.</summary>
    [Items(64)]
    public IReadOnlyList<NodeFinding> Findings { get; init => field = Bounded.List(value, 64); } = [];

    /// <summary>Whether each registry is mirrored there. At most 256.</summary>
    [Items(256, Keys = ["host"])]
    public IReadOnlyList<RegistryStatus> Registries { get; init => field = Bounded.List(value, 256); } = [];

    /// <summary>Whether the agent's pod is admitted.</summary>
    public NodePodSecurityStatus? PodSecurity { get; init; }

    /// <summary>The agent.</summary>
    public AgentStatus? Agent { get; init; }

    /// <summary>The other agents, as this one sees them, and what it tells them.</summary>
    public OverlayStatus? Overlay { get; init; }

    /// <summary>Bytes since the agent started, rounded, and written every few minutes only.</summary>
    public ByteCounters? Bytes { get; init; }

    /// <summary>When the agent last gave containerd a blob that came from a peer; about, for it is written every few minutes only.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastMirroredAt { get; init; }

    /// <summary>
    /// Ready: the node mirrors. AgentReachable: the operator reaches the agent. PeersReachable: the agent reaches others, and they it.
    /// ContainerdCompatible: containerd needs nothing else. At most 16.
    /// </summary>
    [Items(16, Keys = ["type"])]
    public IReadOnlyList<Condition> Conditions { get; init => field = Bounded.List(value, 16); } = [];
}
