using Peili.AgentApi;

namespace Peili.Operator.Page;

/// <summary>Puts together who gets a blob from whom. Each node says whom it streams from; answers are of different moments, and may contradict each other.</summary>
internal static class RelayTree
{
    /// <summary>The nodes, generation by generation, origins first.</summary>
    /// <param name="parts">What each node told of the blob.</param>
    public static IReadOnlyList<RelayNode> Of(IReadOnlyDictionary<string, FetchedBlob> parts)
    {
        var total = parts.Values.Max(part => part.Total);
        var children = parts.Where(part => part.Value.Parent.Length > 0).ToLookup(part => part.Value.Parent, part => part.Key, StringComparer.Ordinal);
        var sources = children.Select(family => family.Key).Where(name => !parts.ContainsKey(name));
        var roots = parts.Where(part => part.Value.Parent.Length == 0).Select(part => part.Key).Order(StringComparer.Ordinal).Concat(sources.Order(StringComparer.Ordinal));
        var order = new List<(string Name, int Parent)>();
        var placed = new HashSet<string>(StringComparer.Ordinal);

        // Whoever no root leads to is in a circle, which begins anywhere.
        foreach (var root in (IEnumerable<string>[])[[.. roots], .. parts.Keys.Order(StringComparer.Ordinal).Select(name => (string[])[name])])
        {
            var next = order.Count;
            order.AddRange(root.Where(placed.Add).Select(name => (name, -1)));
            for (; next < order.Count; next++)
            {
                var parent = next;
                order.AddRange(children[order[next].Name].Order(StringComparer.Ordinal).Where(placed.Add).Select(name => (name, parent)));
            }
        }

        return Sum([.. order.Select(node => parts.TryGetValue(node.Name, out var part)
            ? new RelayNode(node.Name, node.Parent, part.Origin ? RelayNodeRole.Origin : RelayNodeRole.Child, Math.Min(part.Bytes, total), 0, 0)
            : new RelayNode(node.Name, node.Parent, RelayNodeRole.Source, total, 0, 0))]);
    }

    /// <summary>Parents stand before their children: from the end on every sum is complete when it is added to the next.</summary>
    private static RelayNode[] Sum(RelayNode[] nodes)
    {
        for (var place = nodes.Length - 1; place >= 0; place--)
        {
            if (nodes[place] is { Parent: >= 0 and var parent } node)
            {
                nodes[parent] = nodes[parent] with { Below = nodes[parent].Below + node.Below + 1, BelowBytes = nodes[parent].BelowBytes + node.BelowBytes + node.Bytes };
            }
        }

        return nodes;
    }
}
