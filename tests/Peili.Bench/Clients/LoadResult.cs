using System.Globalization;

namespace Peili.Bench.Clients;

/// <summary>What a load gave.</summary>
/// <param name="Bytes">Bytes of bodies received.</param>
/// <param name="Elapsed">From the first request to the last byte of the last answer.</param>
/// <param name="Latencies">Of each request, from its first byte to the last byte of the answer; in no order.</param>
internal sealed record LoadResult(long Bytes, TimeSpan Elapsed, IReadOnlyList<TimeSpan> Latencies)
{
    public double GigabitsPerSecond => Bytes * 8 / Elapsed.TotalSeconds / 1e9;

    public double Gibibytes => Bytes / Units.Gibibyte;

    /// <summary>Reads what <see cref="ToLine"/> made.</summary>
    public static LoadResult Parse(string line)
    {
        var numbers = Array.ConvertAll(line.Split(' '), number => long.Parse(number, CultureInfo.InvariantCulture));
        return new LoadResult(numbers[0], new TimeSpan(numbers[1]), Array.ConvertAll(numbers[2..], ticks => new TimeSpan(ticks)));
    }

    /// <summary>Bytes, then times in ticks of 100 ns, all in one line.</summary>
    public string ToLine() => string.Join(' ', Latencies.Select(latency => latency.Ticks).Prepend(Elapsed.Ticks).Prepend(Bytes));
}
