using System.Globalization;

namespace Peili.Grpc;

/// <summary>The value of <c>grpc-timeout</c>: at most 8 digits and a unit (PROTOCOL-HTTP2.md, Timeout).</summary>
internal static class TimeoutHeader
{
    private const long Limit = 99_999_999;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    // Rounded up, so that the server never gives up before the client does.
    public static string Format(TimeSpan timeout)
    {
        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TicksPerMicrosecond, 'u'),
            (TimeSpan.TicksPerMillisecond, 'm'),
            (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'),
        ];
        var ticks = Math.Max(timeout.Ticks, 0);
        foreach (var (unitTicks, unit) in units)
        {
            var count = (ticks / unitTicks) + (ticks % unitTicks == 0 ? 0 : 1);
            if (count <= Limit)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(ticks / TimeSpan.TicksPerHour, Limit)}H");
    }
}
