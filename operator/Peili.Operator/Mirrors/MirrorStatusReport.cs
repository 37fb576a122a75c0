using Peili.Crds;
using Peili.Operator.Nodes;

namespace Peili.Operator.Mirrors;

/// <summary>Makes the status of a RegistryMirror.</summary>
internal static class MirrorStatusReport
{
    public static RegistryMirrorStatus Of(MirrorObservation seen, DateTimeOffset now)
    {
        int Count(Verdict verdict) => seen.Nodes.Count(node => VerdictOf(node.Status, node.Flavor) == verdict);
        return new RegistryMirrorStatus
        {
            ObservedGeneration = seen.Mirror.Metadata.Generation,
            Conditions = MirrorConditions.Of(seen, now),
            Nodes = new NodeCounts
            {
                Selected = seen.Nodes.Count,
                Ready = seen.Nodes.Count(node => node.Status?.Conditions.Any(condition => condition is { Type: NodeConditions.Ready, Status: "True" }) == true),
                Compatible = Count(Verdict.Compatible),
                NeedsConfiguration = Count(Verdict.NeedsConfiguration),
                Unsupported = Count(Verdict.Unsupported),
                Unknown = Count(Verdict.Unknown),
            },
            Flavors =
            [
                .. seen.Nodes.GroupBy(node => (node.Flavor.Name, Verdict: VerdictOf(node.Status, node.Flavor)))
                    .OrderBy(group => group.Key.Name, StringComparer.Ordinal).ThenBy(group => group.Key.Verdict)
                    .Select(group => FlavorOf(group.Key.Name, group.Key.Verdict, [.. group])),
            ],
            PodSecurity = new PodSecurityStatus { Namespace = seen.Namespace, Enforce = seen.Enforce, Satisfied = seen.Enforce == PodSecurity.Privileged },
        };
    }

    private static FlavorStatus FlavorOf(string name, Verdict verdict, IReadOnlyList<(Resources.Node Node, Flavors.Flavor Flavor, NodeMirrorStatusStatus? Status)> nodes)
    {
        // What most of these nodes have as their worst finding.
        var finding = nodes.Select(node => node.Status is { Findings: [var worst, ..] } ? worst : null).OfType<NodeFinding>()
            .GroupBy(found => found.Reason).OrderByDescending(group => group.Count()).Select(group => group.First()).FirstOrDefault();
        return new FlavorStatus
        {
            Name = name,
            Nodes = nodes.Count,
            Verdict = verdict,
            Reason = verdict == Verdict.Compatible ? "" : finding?.Reason ?? "",
            Message = verdict == Verdict.Compatible ? "" : finding?.Message ?? "",
            Remedy = verdict == Verdict.Compatible ? "" : finding?.Remedy ?? "",
        };
    }

    private static Verdict VerdictOf(NodeMirrorStatusStatus? status, Flavors.Flavor flavor) =>
        flavor.Verdict == Flavors.FlavorVerdict.Unsupported ? Verdict.Unsupported : status?.Verdict ?? Verdict.Unknown;
}
