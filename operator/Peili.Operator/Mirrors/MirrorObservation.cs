using Peili.Crds;
using Peili.Operator.Resources;

namespace Peili.Operator.Mirrors;

/// <summary>Everything that tells how a RegistryMirror stands.</summary>
/// <param name="Mirror">The RegistryMirror.</param>
/// <param name="Errors">What is wrong with its spec.</param>
/// <param name="Missing">What it refers to and is not there.</param>
/// <param name="Nodes">The nodes that it has or is about to have, with the status of each as far as there is one.</param>
/// <param name="Lost">Nodes that it selects and an older one has, with that one's name.</param>
/// <param name="DaemonSets">Its DaemonSets.</param>
/// <param name="Wanted">How many DaemonSets it should have.</param>
/// <param name="Pods">Its agents' pods.</param>
/// <param name="Leaving">Nodes that still have its agent and should not.</param>
/// <param name="Remediation">What remediation comes to; null where there is none.</param>
/// <param name="Namespace">The operator's namespace.</param>
/// <param name="Enforce">Its level of Pod Security; empty for none.</param>
internal sealed record MirrorObservation(
    RegistryMirror Mirror,
    IReadOnlyList<ValidationError> Errors,
    IReadOnlyCollection<string> Missing,
    IReadOnlyList<(Node Node, Flavors.Flavor Flavor, NodeMirrorStatusStatus? Status)> Nodes,
    IReadOnlyList<(string Node, string Winner)> Lost,
    IReadOnlyList<DaemonSet> DaemonSets,
    int Wanted,
    IReadOnlyList<Pod> Pods,
    IReadOnlyList<string> Leaving,
    RemediationState? Remediation,
    string Namespace,
    string Enforce);
