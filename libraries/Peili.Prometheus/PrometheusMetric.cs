using OpenTelemetry.Metrics;

namespace Peili.Prometheus;

/// <summary>What a metric is called when it is scraped.</summary>
/// <param name="Family">Its name in OpenMetrics; a counter's without <c>_total</c>.</param>
/// <param name="Unit">The end of that name when it is a unit; empty otherwise.</param>
/// <param name="Type">Of what kind it is.</param>
internal sealed record PrometheusMetric(string Family, string Unit, PrometheusType Type)
{
    private const string Total = "_total";

    /// <summary>The name of its samples, and of the family in Prometheus' text.</summary>
    public string Name { get; } = Type == PrometheusType.Counter ? Family + Total : Family;

    /// <summary>Names a metric of the SDK.</summary>
    public static PrometheusMetric Of(Metric metric) => Of(metric.Name, metric.Unit, TypeOf(metric.MetricType));

    /// <summary>Names an instrument's metric: dots become underscores, the unit comes behind where the name does not end in it.</summary>
    public static PrometheusMetric Of(string name, string? unit, PrometheusType type)
    {
        var family = PrometheusNames.Metric(name);
        if (type == PrometheusType.Counter && family.EndsWith(Total, StringComparison.Ordinal))
        {
            family = family[..^Total.Length];
        }

        var suffix = PrometheusUnits.SuffixOf(unit, type);
        if (suffix.Length == 0)
        {
            return new PrometheusMetric(family, string.Empty, type);
        }

        suffix = PrometheusNames.Metric(suffix).Trim('_');
        return new PrometheusMetric(family.EndsWith($"_{suffix}", StringComparison.Ordinal) ? family : $"{family}_{suffix}", suffix, type);
    }

    private static PrometheusType TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusType.Counter,
        MetricType.Histogram or MetricType.ExponentialHistogram => PrometheusType.Histogram,
        _ => PrometheusType.Gauge,
    };
}
