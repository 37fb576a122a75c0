namespace Peili.Prometheus;

/// <summary>Units as OpenTelemetry writes them (UCUM), in Prometheus' words.</summary>
/// <remarks>OpenTelemetry specification, "Prometheus and OpenMetrics compatibility", "Unit".</remarks>
internal static class PrometheusUnits
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes",
        ["MBy"] = "megabytes",
        ["GBy"] = "gigabytes",
        ["TBy"] = "terabytes",
        ["m"] = "meters",
        ["V"] = "volts",
        ["A"] = "amperes",
        ["J"] = "joules",
        ["W"] = "watts",
        ["g"] = "grams",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> PerWords = new(StringComparer.Ordinal)
    {
        ["s"] = "second",
        ["m"] = "minute",
        ["min"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
        ["w"] = "week",
        ["mo"] = "month",
        ["y"] = "year",
    };

    /// <summary>The suffix for a unit; empty for none, and for one that only counts things, such as <c>{request}</c>.</summary>
    /// <param name="unit">The instrument's unit; null or empty for none.</param>
    /// <param name="type">A gauge without dimension is a ratio.</param>
    public static string SuffixOf(string? unit, PrometheusType type)
    {
        var plain = WithoutAnnotations(unit ?? string.Empty);
        if (plain == "1")
        {
            return type == PrometheusType.Gauge ? "ratio" : string.Empty;
        }

        var slash = plain.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return Words.GetValueOrDefault(plain, plain);
        }

        var (of, per) = (plain[..slash], plain[(slash + 1)..]);
        var perWord = PerWords.GetValueOrDefault(per, per);
        return (of.Length, perWord.Length) switch
        {
            (_, 0) => Words.GetValueOrDefault(of, of),
            (0, _) => $"per_{perWord}",
            _ => $"{Words.GetValueOrDefault(of, of)}_per_{perWord}",
        };
    }

    private static string WithoutAnnotations(string unit)
    {
        for (var open = unit.IndexOf('{', StringComparison.Ordinal); open >= 0; open = unit.IndexOf('{', StringComparison.Ordinal))
        {
            var close = unit.IndexOf('}', open);
            unit = close < 0 ? unit[..open] : unit.Remove(open, close - open + 1);
        }

        return unit.Trim();
    }
}
