using System.Diagnostics;
using OpenTelemetry.Metrics;

namespace Peili.Prometheus;

/// <summary>Writes exemplars: one measurement of a sample, with the trace it was taken in.</summary>
internal static class PrometheusExemplars
{
    /// <summary>Writes the latest one whose value is above one bound and up to the other; nothing when there is none.</summary>
    public static void WriteLatest(PrometheusBuffer buffer, ReadOnlyExemplarCollection exemplars, bool isLong, double above, double upTo)
    {
        var (hasOne, at, value, trace, span) = (false, default(DateTimeOffset), 0.0, default(ActivityTraceId), default(ActivitySpanId));
        foreach (ref readonly var exemplar in exemplars)
        {
            var measured = isLong ? exemplar.LongValue : exemplar.DoubleValue;
            if (measured > above && measured <= upTo && (!hasOne || exemplar.Timestamp > at))
            {
                (hasOne, at, value, trace, span) = (true, exemplar.Timestamp, measured, exemplar.TraceId, exemplar.SpanId);
            }
        }

        if (!hasOne)
        {
            return;
        }

        buffer.Write(" # {"u8);
        if (trace != default)
        {
            buffer.Write("trace_id=\""u8);
            buffer.Write(trace.ToHexString());
            buffer.Write("\",span_id=\""u8);
            buffer.Write(span.ToHexString());
            buffer.Write("\""u8);
        }

        buffer.Write("} "u8);
        buffer.Write(value);
        buffer.Write(" "u8);
        buffer.Write(at.ToUnixTimeMilliseconds() / 1000.0);
    }
}
