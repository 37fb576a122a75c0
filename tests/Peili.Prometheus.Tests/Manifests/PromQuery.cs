using System.Text.RegularExpressions;

namespace Peili.Prometheus.Tests.Manifests;

/// <summary>
/// What a query asks for: the metrics, with the labels that it compares or groups by. It knows the functions that are used here; a word that is none of
/// them and no metric is an error, and so is a label that none of the query's metrics has.
/// </summary>
internal static partial class PromQuery
{
    private const int MostMilliseconds = 60_000;

    private static readonly HashSet<string> s_aggregations = new(StringComparer.Ordinal) { "sum", "min", "max", "count", "topk", "avg" };
    private static readonly HashSet<string> s_groupings = new(StringComparer.Ordinal) { "by", "without", "on", "ignoring" };

    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal)
    {
        "rate", "increase", "histogram_quantile", "absent", "time", "vector", "label_values", "or", "and", "unless",
    };

    /// <summary>Checks a query against the page.</summary>
    /// <exception cref="FormatException">It asks for something that is not there, or cannot be read.</exception>
    public static IReadOnlyList<MetricPage> Check(string query)
    {
        var metrics = new List<MetricPage>();
        var grouped = new List<string>();
        var depth = 0;
        var at = 0;
        while (at < query.Length)
        {
            var token = Token().Match(query, at);
            if (!token.Success)
            {
                throw new FormatException($"{query}: cannot be read from character {at + 1} on");
            }

            at += token.Length;
            depth += token.Value switch
            {
                "(" => 1,
                ")" => -1,
                _ => 0,
            };
            if (!token.Groups["word"].Success)
            {
                continue;
            }

            var word = token.Groups["word"].Value;
            if (s_groupings.Contains(word))
            {
                at = TakeLabels(query, at, grouped);
            }
            else if (MetricPage.BySample.TryGetValue(word, out var metric))
            {
                metrics.Add(metric);
                at = TakeMatchers(query, at, metric);
            }
            else if (!s_words.Contains(word) && !s_aggregations.Contains(word) && !(word is "registry" && query.StartsWith("label_values(", StringComparison.Ordinal)))
            {
                throw new FormatException($"{query}: {word} is neither a metric nor a known function");
            }
        }

        if (depth != 0 || metrics.Count == 0)
        {
            throw new FormatException($"{query}: parentheses do not match, or it asks for no metric");
        }

        return grouped.Find(label => !metrics.Exists(metric => metric.Has(label))) is { } stray
            ? throw new FormatException($"{query}: none of its metrics has the label {stray}")
            : metrics;
    }

    private static int TakeLabels(string query, int at, List<string> labels)
    {
        var list = LabelList().Match(query, at);
        if (!list.Success)
        {
            throw new FormatException($"{query}: expected labels at character {at + 1}");
        }

        labels.AddRange(list.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return at + list.Length;
    }

    private static int TakeMatchers(string query, int at, MetricPage metric)
    {
        if (at == query.Length || query[at] != '{')
        {
            return at;
        }

        var matchers = Matchers().Match(query, at);
        if (!matchers.Success)
        {
            throw new FormatException($"{query}: expected label matchers at character {at + 1}");
        }

        for (var one = 0; one < matchers.Groups["label"].Captures.Count; one++)
        {
            var (label, value) = (matchers.Groups["label"].Captures[one].Value, matchers.Groups["value"].Captures[one].Value);
            if (!metric.Has(label))
            {
                throw new FormatException($"{query}: {metric.Name} has no label {label}");
            }

            if (value.Split('|').FirstOrDefault(each => !metric.HasValue(label, each)) is { } unknown)
            {
                throw new FormatException($"{query}: {label} of {metric.Name} is never {unknown}");
            }
        }

        return at + matchers.Length;
    }

    [GeneratedRegex(@"\G(?:(?<word>[a-zA-Z_:][a-zA-Z0-9_:]*)|""[^""]*""|\[(?:\d+[smhd]|\$__rate_interval|\$__range)\]|\d+(?:\.\d+)?|[-+*/(),]|[=!<>]=|[<>]|\s+)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Token();

    [GeneratedRegex(@"\G\s*\((?<labels>[a-z_]+(?:, ?[a-z_]+)*)\)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex LabelList();

    [GeneratedRegex(@"\G\{(?:(?<label>[a-z_]+)(?:=~|!~|!=|=)""(?<value>[^""]*)"",?)+\}", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Matchers();
}
