using System.Runtime.CompilerServices;
using Peili.Crds;
using Peili.Flavors;
using Peili.Operator.Cluster;
using Peili.Operator.Mirrors;
using Peili.Operator.Resources;

namespace Peili.Operator.Nodes;

/// <summary>Says which RegistryMirror has a node: of those that select it, the oldest.</summary>
internal sealed class NodeAssignments(ClusterCache cache, FlavorCatalog flavors)
{
    // A node's object is another one after each change, and goes with its entry here.
    private readonly ConditionalWeakTable<Node, Flavor> _flavors = [];

    /// <summary>The assignment of a node.</summary>
    public NodeAssignment Of(Node node) => Of(node, InOrder());

    /// <summary>The assignments of all nodes.</summary>
    public IEnumerable<(Node Node, NodeAssignment Assignment)> All()
    {
        var mirrors = InOrder();
        return cache.Nodes.Items.Values.Select(node => (node, Of(node, mirrors)));
    }

    private NodeAssignment Of(Node node, IReadOnlyList<(RegistryMirror Mirror, bool MayChange)> mirrors)
    {
        var selecting = mirrors.Where(mirror => Selects(mirror.Mirror, mirror.MayChange, node)).Select(mirror => mirror.Mirror.Metadata.Name!).ToArray();
        return new NodeAssignment(selecting.FirstOrDefault(), FlavorOf(node), [.. selecting.Skip(1)]);
    }

    private Flavor FlavorOf(Node node) => _flavors.GetValue(node, seen => flavors.Detect(seen.Facts));

    private IReadOnlyList<(RegistryMirror Mirror, bool MayChange)> InOrder() =>
    [
        .. cache.Mirrors.Items.Values.Where(mirror => mirror.Metadata.DeletionTimestamp is null)
            .OrderBy(mirror => mirror.Metadata.CreationTimestamp).ThenBy(mirror => mirror.Metadata.Name, StringComparer.Ordinal)
            .Select(mirror => (mirror, MirrorState.MayChange(mirror))),
    ];

    private static bool Selects(RegistryMirror mirror, bool mayChange, Node node) =>
        !mayChange
            ? node.Mirror == mirror.Metadata.Name
            : node.IsLinux && node.Metadata.DeletionTimestamp is null
                && mirror.Spec.NodeSelector.All(label => node.Metadata.Labels?.GetValueOrDefault(label.Key) == label.Value);
}
