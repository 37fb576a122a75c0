using System.Globalization;

namespace Peili.Kubectl.Nodes;

/// <summary>How long ago something was, as kubectl writes it: in the largest unit that it fills twice.</summary>
internal static class Age
{
    /// <summary>The age; a dash for never.</summary>
    public static string Of(DateTimeOffset? then, DateTimeOffset now)
    {
        if (then is not { } time)
        {
            return "-";
        }

        var span = now > time ? now - time : TimeSpan.Zero;
        return span.TotalSeconds < 120 ? string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalSeconds}s")
            : span.TotalMinutes < 120 ? string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMinutes}m")
            : span.TotalHours < 48 ? string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}h")
            : string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalDays}d");
    }
}
