using OpenTelemetry.Metrics;

namespace Peili.Prometheus;

/// <summary>Writes the buckets, the sum and the count of histograms.</summary>
internal static class PrometheusHistogram
{
    public static void Write(PrometheusBuffer buffer, PrometheusProtocol protocol, PrometheusMetric named, MetricType type, in MetricPoint point)
    {
        var hasNegativeBound = false;
        if (type == MetricType.Histogram)
        {
            hasNegativeBound = WriteBuckets(buffer, protocol, named, point);
        }
        else
        {
            WriteBucket(buffer, protocol, named, point, double.NegativeInfinity, double.PositiveInfinity, point.GetHistogramCount());
        }

        // OpenMetrics forbids the sum there: it could fall, which a counter must not.
        if (!(protocol == PrometheusProtocol.OpenMetrics && hasNegativeBound))
        {
            WriteName(buffer, named, "_sum"u8, point);
            buffer.Write(point.GetHistogramSum());
            buffer.Write("\n"u8);
        }

        WriteName(buffer, named, "_count"u8, point);
        buffer.Write(point.GetHistogramCount());
        buffer.Write("\n"u8);
    }

    private static bool WriteBuckets(PrometheusBuffer buffer, PrometheusProtocol protocol, PrometheusMetric named, in MetricPoint point)
    {
        var (below, count, hasNegativeBound) = (double.NegativeInfinity, 0L, false);
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            hasNegativeBound |= bucket.ExplicitBound < 0;
            WriteBucket(buffer, protocol, named, point, below, bucket.ExplicitBound, count);
            below = bucket.ExplicitBound;
        }

        // A histogram that was asked for no buckets has not even the last one.
        if (!double.IsPositiveInfinity(below))
        {
            WriteBucket(buffer, protocol, named, point, below, double.PositiveInfinity, point.GetHistogramCount());
        }

        return hasNegativeBound;
    }

    private static void WriteBucket(
        PrometheusBuffer buffer, PrometheusProtocol protocol, PrometheusMetric named, in MetricPoint point, double above, double upTo, long count)
    {
        Span<byte> bound = stackalloc byte[32];
        buffer.Write(named.Name);
        buffer.Write("_bucket"u8);
        PrometheusLabels.Write(buffer, point.Tags, bound[..FormatBound(bound, upTo, protocol)]);
        buffer.Write(" "u8);
        buffer.Write(count);
        if (protocol == PrometheusProtocol.OpenMetrics && point.TryGetExemplars(out var exemplars))
        {
            PrometheusExemplars.WriteLatest(buffer, exemplars, isLong: false, above, upTo);
        }

        buffer.Write("\n"u8);
    }

    private static void WriteName(PrometheusBuffer buffer, PrometheusMetric named, ReadOnlySpan<byte> suffix, in MetricPoint point)
    {
        buffer.Write(named.Name);
        buffer.Write(suffix);
        PrometheusLabels.Write(buffer, point.Tags, bound: default);
        buffer.Write(" "u8);
    }

    /// <summary>OpenMetrics has bounds look like floating-point numbers, so that one bound is one label value whoever writes it.</summary>
    private static int FormatBound(Span<byte> text, double bound, PrometheusProtocol protocol)
    {
        if (double.IsPositiveInfinity(bound))
        {
            "+Inf"u8.CopyTo(text);
            return 4;
        }

        bound.TryFormat(text, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        if (protocol == PrometheusProtocol.OpenMetrics && text[..length].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        return length;
    }
}
