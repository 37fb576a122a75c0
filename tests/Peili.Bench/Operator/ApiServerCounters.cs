using System.Globalization;

namespace Peili.Bench.Operator;

/// <summary>What an API server has counted of its requests (apiserver_request_total of its /metrics).</summary>
internal static class ApiServerCounters
{
    private const string Metric = "apiserver_request_total{";

    /// <summary>How many writes it was asked for since it started, by resource.</summary>
    public static Dictionary<string, long> Writes(string metrics) =>
        metrics.Split('\n').Where(line => line.StartsWith(Metric, StringComparison.Ordinal)).Select(line => line[Metric.Length..])
            .Where(sample => Label(sample, "verb") is "POST" or "PUT" or "PATCH" or "APPLY" or "DELETE" or "DELETECOLLECTION")
            .GroupBy(sample => Label(sample, "resource"), sample => (long)double.Parse(sample[(sample.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => group.Sum(), StringComparer.Ordinal);

    private static string Label(string sample, string name)
    {
        var start = $",{sample}".IndexOf($",{name}=\"", StringComparison.Ordinal) + name.Length + 2;
        return sample[start..sample.IndexOf('"', start)];
    }
}
