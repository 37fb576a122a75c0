using Peili.Operator.Resources;

namespace Peili.Operator.Installation;

/// <summary>Chooses the nodes through which agents meet: few, spread over the zones, and not others at every change.</summary>
internal static class Seeds
{
    /// <summary>More than any start needs to meet one that lives.</summary>
    public const int Most = 20;

    /// <summary>The seeds, one HOST:PORT each.</summary>
    /// <param name="candidates">Nodes with an agent, and where it is reached.</param>
    /// <param name="standing">The seeds there were: those that are still good stay.</param>
    public static IReadOnlyList<string> Choose(IEnumerable<(Node Node, string Address)> candidates, IEnumerable<string> standing)
    {
        var all = candidates.ToArray();
        var kept = standing.ToHashSet(StringComparer.Ordinal);

        // A round over the zones takes the first of each, then the second of each.
        return
        [
            .. all.GroupBy(candidate => candidate.Node.Zone, StringComparer.Ordinal)
                .SelectMany(zone => zone.OrderBy(candidate => kept.Contains(candidate.Address) ? 0 : 1).ThenBy(candidate => candidate.Node.Name, StringComparer.Ordinal)
                    .Select((candidate, index) => (candidate.Address, index)))
                .OrderBy(candidate => candidate.index).ThenBy(candidate => kept.Contains(candidate.Address) ? 0 : 1).ThenBy(candidate => candidate.Address, StringComparer.Ordinal)
                .Take(Most).Select(candidate => candidate.Address).Order(StringComparer.Ordinal),
        ];
    }
}
