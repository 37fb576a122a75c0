using System.Text.RegularExpressions;

namespace Peili.NodeAgent.Tests.Metrics;

/// <summary>A metric as docs/metrics.md has it.</summary>
internal sealed partial record MetricRow(string Name, string Type, string Labels)
{
    private const int MostMilliseconds = 60_000;

    /// <summary>Every row of the page's tables.</summary>
    public static IReadOnlyList<MetricRow> ReadAll()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "metrics.md")))
            .Select(match => new MetricRow(match.Groups["name"].Value, match.Groups["type"].Value, match.Groups["labels"].Value.Replace("`", string.Empty, StringComparison.Ordinal)))
            .ToArray();
        rows.ShouldNotBeEmpty();
        return rows;
    }

    [GeneratedRegex(@"^\| `(?<name>peili_\w+)` \| (?<type>\w+) \| (?<labels>[^|]*?) \| [^|]+\? ?[^|]*\|$", RegexOptions.Multiline, MostMilliseconds)]
    private static partial Regex Row();
}
