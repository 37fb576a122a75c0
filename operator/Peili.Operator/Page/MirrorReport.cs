using Peili.Crds;
using Peili.Kubernetes.Models;

namespace Peili.Operator.Page;

/// <summary>A RegistryMirror on the page.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Conditions">As its status has them.</param>
/// <param name="Nodes">Its nodes, counted.</param>
/// <param name="Flavors">Its nodes by flavor and verdict, with remedies.</param>
/// <param name="Rollouts">Its agents, by flavor.</param>
internal sealed record MirrorReport(
    string Name, IReadOnlyList<Condition> Conditions, NodeCounts Nodes, IReadOnlyList<FlavorStatus> Flavors, IReadOnlyList<RolloutReport> Rollouts);
