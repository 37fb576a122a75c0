namespace Peili.Bench.Results;

/// <summary>Order statistics.</summary>
internal static class Samples
{
    public static double Median(this IEnumerable<double> samples) => samples.Percentile(50);

    /// <summary>The smallest sample that <paramref name="percent"/> percent of all do not exceed (nearest rank).</summary>
    public static double Percentile(this IEnumerable<double> samples, double percent)
    {
        var sorted = samples.Order().ToList();
        return sorted[Math.Max((int)Math.Ceiling(sorted.Count * percent / 100), 1) - 1];
    }
}
