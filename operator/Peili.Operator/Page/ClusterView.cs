using Peili.Crds;
using Peili.Operator.Cluster;
using Peili.Operator.Resources;

namespace Peili.Operator.Page;

/// <summary>What the page is made of: the API server's objects, which every replica follows, whether it leads or not.</summary>
/// <param name="Mirrors">The RegistryMirrors.</param>
/// <param name="Statuses">What was seen of each node last.</param>
/// <param name="DaemonSets">The agents'.</param>
/// <param name="Nodes">The cluster's nodes.</param>
/// <param name="IsSynced">Whether all of them have been listed once.</param>
internal sealed record ClusterView(
    IEnumerable<RegistryMirror> Mirrors, IEnumerable<NodeMirrorStatus> Statuses, IEnumerable<DaemonSet> DaemonSets, IEnumerable<Node> Nodes, bool IsSynced)
{
    public static ClusterView Of(ClusterCache cache) =>
        new(cache.Mirrors.Items.Values, cache.Statuses.Items.Values, cache.DaemonSets.Items.Values, cache.Nodes.Items.Values, cache.HasSynced);
}
