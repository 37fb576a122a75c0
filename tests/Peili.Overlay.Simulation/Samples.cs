namespace Peili.Overlay.Simulation;

/// <summary>Measurements, and their percentiles.</summary>
internal sealed class Samples
{
    private readonly List<double> values = [];

    public int Count => values.Count;

    public double Maximum => values.Count == 0 ? 0 : values.Max();

    public void Add(double value) => values.Add(value);

    /// <summary>The smallest value that at least this share of all values do not exceed.</summary>
    public double Percentile(double share)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[Math.Clamp((int)Math.Ceiling(share * values.Count) - 1, 0, values.Count - 1)];
    }
}
