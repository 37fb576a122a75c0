using System.Text.RegularExpressions;

namespace Peili.Prometheus.Tests.Manifests;

/// <summary>The metrics that docs/metrics.md has; the tests of agent and operator say that it has exactly those which there are.</summary>
internal sealed partial record MetricPage(string Name, string Type, IReadOnlyList<string> Labels, string Question)
{
    private const int MostMilliseconds = 60_000;

    /// <summary>What a scrape adds to every series, and what the ServiceMonitor does.</summary>
    public static IReadOnlyList<string> ScrapeLabels { get; } = ["job", "instance", "namespace", "pod", "node"];

    /// <summary>By the names of their samples; a histogram has three.</summary>
    public static IReadOnlyDictionary<string, MetricPage> BySample { get; } = Read();

    /// <summary>Labels whose values the page does not list, for they are as many as a cluster has.</summary>
    private static IReadOnlyList<string> OpenLabels { get; } = ["registry", "version", "code", "method", "flavor", "controller"];

    public bool Has(string label) => Labels.Contains(label) || ScrapeLabels.Contains(label) || (label == "le" && Type == "histogram");

    /// <summary>Whether the page names this value of a label, where it names its values.</summary>
    public bool HasValue(string label, string value) => OpenLabels.Contains(label) || ScrapeLabels.Contains(label) || Question.Contains($"`{value}`", StringComparison.Ordinal);

    private static Dictionary<string, MetricPage> Read()
    {
        var pages = new Dictionary<string, MetricPage>(StringComparer.Ordinal)
        {
            ["up"] = new("up", "gauge", [], "Was the target scraped?"),
        };
        foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "metrics.md"))))
        {
            var labels = row.Groups["labels"].Value.Replace("`", string.Empty, StringComparison.Ordinal).Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var page = new MetricPage(row.Groups["name"].Value, row.Groups["type"].Value, labels, row.Groups["question"].Value);
            foreach (var suffix in page.Type == "histogram" ? ["_bucket", "_sum", "_count"] : new[] { "" })
            {
                pages.Add(page.Name + suffix, page);
            }
        }

        return pages;
    }

    [GeneratedRegex(@"^\| `(?<name>peili_\w+)` \| (?<type>\w+) \| (?<labels>[^|]*?) \| (?<question>[^|]+) \|$", RegexOptions.Multiline, MostMilliseconds)]
    private static partial Regex Row();
}
