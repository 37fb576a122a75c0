using System.Globalization;
using System.Text.RegularExpressions;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Durations as Go writes them: <c>2s</c>, <c>1m30s</c>, <c>250ms</c>.</summary>
public static class GoDuration
{
    private static readonly Regex s_syntax = new(Patterns.Duration, Patterns.Options);
    private static readonly Regex s_part = new("(?<number>[0-9.]+)(?<unit>ms|s|m|h)", Patterns.Options);

    /// <summary>Reads a duration of hours, minutes, seconds and milliseconds, none of them negative.</summary>
    /// <returns>False where it is none, or none that a TimeSpan can hold.</returns>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null or [.., '\n'] || !s_syntax.IsMatch(text))
        {
            return false;
        }

        var milliseconds = s_part.Matches(text)
            .Sum(part => double.Parse(part.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * MillisecondsOf(part.Groups["unit"].Value));
        if (milliseconds >= TimeSpan.MaxValue.TotalMilliseconds)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>Reads a duration.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"\"{text}\" {Patterns.DurationMessage}");

    private static double MillisecondsOf(string unit) => unit switch { "ms" => 1, "s" => 1_000, "m" => 60_000, _ => 3_600_000 };
}
