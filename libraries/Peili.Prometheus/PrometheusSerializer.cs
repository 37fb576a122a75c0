using OpenTelemetry.Metrics;

namespace Peili.Prometheus;

/// <summary>Writes metrics in one of the two formats.</summary>
/// <remarks>
/// Prometheus, "Exposition formats", text format 0.0.4; OpenMetrics 1.0.0. No sample has a timestamp: all are of the moment of the scrape.
/// An exponential histogram is written with its count and sum alone, for neither format has its buckets.
/// </remarks>
internal static class PrometheusSerializer
{
    /// <summary>Writes a metric with all its points.</summary>
    public static void Write(PrometheusBuffer buffer, PrometheusProtocol protocol, PrometheusMetric named, Metric metric)
    {
        WriteHead(buffer, protocol, named, metric.Description);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (named.Type == PrometheusType.Histogram)
            {
                PrometheusHistogram.Write(buffer, protocol, named, metric.MetricType, point);
            }
            else
            {
                WritePoint(buffer, protocol, named, metric.MetricType, point);
            }
        }
    }

    /// <summary>Writes what ends the text.</summary>
    public static void WriteEnd(PrometheusBuffer buffer, PrometheusProtocol protocol) => buffer.Write(protocol == PrometheusProtocol.OpenMetrics ? "# EOF\n"u8 : ""u8);

    private static void WriteHead(PrometheusBuffer buffer, PrometheusProtocol protocol, PrometheusMetric named, string description)
    {
        var family = protocol == PrometheusProtocol.OpenMetrics ? named.Family : named.Name;
        buffer.Write("# TYPE "u8);
        buffer.Write(family);
        buffer.Write(named.Type switch
        {
            PrometheusType.Counter => " counter\n"u8,
            PrometheusType.Histogram => " histogram\n"u8,
            _ => " gauge\n"u8,
        });
        if (protocol == PrometheusProtocol.OpenMetrics && named.Unit.Length > 0)
        {
            buffer.Write("# UNIT "u8);
            buffer.Write(family);
            buffer.Write(" "u8);
            buffer.Write(named.Unit);
            buffer.Write("\n"u8);
        }

        if (description.Length > 0)
        {
            buffer.Write("# HELP "u8);
            buffer.Write(family);
            buffer.Write(" "u8);
            buffer.WriteEscaped(description, quotes: protocol == PrometheusProtocol.OpenMetrics);
            buffer.Write("\n"u8);
        }
    }

    private static void WritePoint(PrometheusBuffer buffer, PrometheusProtocol protocol, PrometheusMetric named, MetricType type, in MetricPoint point)
    {
        buffer.Write(named.Name);
        PrometheusLabels.Write(buffer, point.Tags, bound: default);
        buffer.Write(" "u8);
        switch (type)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                buffer.Write(point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                buffer.Write(point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                buffer.Write(point.GetGaugeLastValueLong());
                break;
            default:
                buffer.Write(point.GetGaugeLastValueDouble());
                break;
        }

        // Only counters and buckets may have exemplars.
        if (protocol == PrometheusProtocol.OpenMetrics && named.Type == PrometheusType.Counter && point.TryGetExemplars(out var exemplars))
        {
            PrometheusExemplars.WriteLatest(buffer, exemplars, type == MetricType.LongSum, above: double.NegativeInfinity, upTo: double.PositiveInfinity);
        }

        buffer.Write("\n"u8);
    }
}
