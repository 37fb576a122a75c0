using System.Globalization;
using System.Text.RegularExpressions;

namespace Peili.NodeAgent.Configuration;

/// <summary>Durations and rates as Kubernetes writes them.</summary>
internal static class Quantities
{
    private static readonly Regex DurationPattern = new(@"^([0-9]{1,15}(\.[0-9]{1,15})?(ms|s|m|h)){1,8}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex PartPattern = new("(?<number>[0-9.]+)(?<unit>ms|s|m|h)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex RatePattern = new(@"^(?<number>[0-9]{1,12})(?<unit>k|M|G|Ki|Mi|Gi|)\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>Reads a duration such as 2s, 500ms or 1m30s (Go's time.ParseDuration, for ms, s, m and h).</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (!DurationPattern.IsMatch(text))
        {
            return null;
        }

        var milliseconds = 0.0;
        foreach (Match part in PartPattern.Matches(text))
        {
            milliseconds += double.Parse(part.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * part.Groups["unit"].Value switch
            {
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                _ => 3_600_000,
            };
        }

        return milliseconds <= TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    /// <summary>Reads a whole number of bytes, with k, M, G, Ki, Mi or Gi after it (Kubernetes' resource.Quantity).</summary>
    public static long? ParseBytes(string text)
    {
        if (RatePattern.Match(text) is not { Success: true } match)
        {
            return null;
        }

        var number = decimal.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return (long)Math.Min(long.MaxValue, number * match.Groups["unit"].Value switch
        {
            "k" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            _ => 1,
        });
    }
}
