using Peili.Crds.Schema;
using Peili.Kubernetes.Models;

namespace Peili.Crds;

/// <summary>What has become of a RegistryMirror.</summary>
public sealed record RegistryMirrorStatus
{
    /// <summary>The generation of the spec that all of this is about.</summary>
    [Range(0, RangeAttribute.SafeInteger)]
    public long? ObservedGeneration { get; init; }

    /// <summary>
    /// Ready: every selected node that can mirror does. Progressing: a change is being rolled out. Degraded: something is wrong, and the message says what.
    /// Conflicted: another RegistryMirror has nodes that this one selects. PodSecurityReady: the namespace admits agents. At most 16.
    /// </summary>
    [Items(16, Keys = ["type"])]
    public IReadOnlyList<Condition> Conditions { get; init => field = Bounded.List(value, 16); } = [];

    /// <summary>The selected nodes, counted.</summary>
    public NodeCounts Nodes { get; init => field = value ?? new NodeCounts(); } = new();

    /// <summary>The selected nodes by flavor and verdict, and what to do about them. At most 64.</summary>
    [Items(64, Keys = ["name", "verdict"])]
    public IReadOnlyList<FlavorStatus> Flavors { get; init => field = Bounded.List(value, 64); } = [];

    /// <summary>Pod Security of the operator's namespace.</summary>
    public PodSecurityStatus? PodSecurity { get; init; }
}
