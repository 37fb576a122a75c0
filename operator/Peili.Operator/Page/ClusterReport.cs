using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Operator.Nodes;
using Peili.Operator.Resources;

namespace Peili.Operator.Page;

/// <summary>Makes what the page shows of the API server's objects.</summary>
internal static class ClusterReport
{
    public static IReadOnlyList<MirrorReport> Mirrors(ClusterView view) =>
    [
        .. view.Mirrors.OrderBy(mirror => mirror.Metadata.Name, StringComparer.Ordinal).Select(mirror => new MirrorReport(
            mirror.Metadata.Name ?? "",
            mirror.Status?.Conditions ?? [],
            mirror.Status?.Nodes ?? new NodeCounts(),
            mirror.Status?.Flavors ?? [],
            [.. view.DaemonSets.Where(set => Label(set, Node.MirrorLabel) == mirror.Metadata.Name).Select(RolloutOf).OrderBy(rollout => rollout.Flavor, StringComparer.Ordinal)])),
    ];

    public static IReadOnlyList<NodeReport> Nodes(ClusterView view)
    {
        var zones = view.Nodes.ToDictionary(node => node.Name, node => node.Zone, StringComparer.Ordinal);
        return
        [
            .. view.Statuses.OrderBy(status => status.Metadata.Name, StringComparer.Ordinal)
                .Select(status => NodeOf(status.Metadata.Name ?? "", status.Status ?? new NodeMirrorStatusStatus(), zones)),
        ];
    }

    private static NodeReport NodeOf(string name, NodeMirrorStatusStatus status, Dictionary<string, string> zones)
    {
        var ready = status.Conditions.FirstOrDefault(condition => condition.Type == NodeConditions.Ready);
        return new NodeReport(name, zones.GetValueOrDefault(name, ""), status.Flavor, status.Verdict, ready?.Status ?? "Unknown", ready?.Reason ?? "");
    }

    private static RolloutReport RolloutOf(DaemonSet set) => new(
        Label(set, Node.FlavorLabel) ?? set.Metadata.Name ?? "",
        set.Status?.DesiredNumberScheduled ?? 0,
        set.Status?.UpdatedNumberScheduled ?? 0,
        set.Status?.NumberAvailable ?? 0,
        set.IsRolledOut);

    private static string? Label(KubernetesObject item, string label) => item.Metadata.Labels?.GetValueOrDefault(label);
}
