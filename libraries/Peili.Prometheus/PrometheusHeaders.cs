using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Peili.Prometheus;

/// <summary>Content negotiation (RFC 9110, section 12.5.1) between the two formats.</summary>
internal static class PrometheusHeaders
{
    private const string TextVersion = "0.0.4";
    private const string OpenMetricsVersion = "1.0.0";

    /// <summary>The Content-Type of a format.</summary>
    public static string ContentTypeOf(PrometheusProtocol protocol) => protocol == PrometheusProtocol.OpenMetrics
        ? $"application/openmetrics-text; version={OpenMetricsVersion}; charset=utf-8"
        : $"text/plain; version={TextVersion}; charset=utf-8";

    /// <summary>
    /// The format that an Accept header prefers. Of two that it likes equally OpenMetrics, for it says more, unless only a wildcard allows that;
    /// text when it allows neither, which every scraper reads.
    /// </summary>
    public static PrometheusProtocol Negotiate(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return PrometheusProtocol.Text;
        }

        var openMetrics = Best(ranges, "application", "openmetrics-text", OpenMetricsVersion);
        var text = Best(ranges, "text", "plain", TextVersion);
        return openMetrics.Quality > text.Quality || (openMetrics.Quality == text.Quality && openMetrics is { Quality: > 0, IsNamed: true })
            ? PrometheusProtocol.OpenMetrics
            : PrometheusProtocol.Text;
    }

    /// <summary>The most specific range counts; of equally specific ones the best.</summary>
    private static (double Quality, bool IsNamed) Best(IList<MediaTypeHeaderValue> ranges, string type, string subType, string version)
    {
        var best = (Quality: 0.0, Precision: 0);
        foreach (var range in ranges)
        {
            var precision = Precision(range, type, subType, version);
            var quality = range.Quality ?? 1;
            if (precision > best.Precision || (precision > 0 && precision == best.Precision && quality > best.Quality))
            {
                best = (quality, precision);
            }
        }

        return (best.Quality, best.Precision >= 3);
    }

    /// <summary>0 for a range that the type is not within.</summary>
    private static int Precision(MediaTypeHeaderValue range, string type, string subType, string version)
    {
        if (range.MatchesAllTypes)
        {
            return 1;
        }

        if (!range.Type.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        if (range.MatchesAllSubTypes)
        {
            return 2;
        }

        if (!range.SubType.Equals(subType, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        return range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase)) switch
        {
            null => 3,
            { } asked when HeaderUtilities.RemoveQuotes(asked.Value).Equals(version, StringComparison.Ordinal) => 4,
            _ => 0,
        };
    }
}
