using System.Collections.Concurrent;

namespace Peili.NodeAgent.ColdStart;

/// <summary>How fast this node's containerd fetches from each registry when it does so itself: a moving average, in bytes a second.</summary>
internal sealed class DirectRates
{
    private const int MostRegistries = 256;

    /// <summary>The weight of one second of fetching.</summary>
    private const double Weight = 0.2;

    private readonly ConcurrentDictionary<string, double> _rates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The average; 0 where nothing is known.</summary>
    public double Of(string registry) => _rates.GetValueOrDefault(registry);

    /// <summary>So many bytes came in so much time.</summary>
    public void Add(string registry, long bytes, TimeSpan time)
    {
        if (time <= TimeSpan.Zero || (_rates.Count >= MostRegistries && !_rates.ContainsKey(registry)))
        {
            return;
        }

        var rate = bytes / time.TotalSeconds;
        var weight = Math.Min(1, Weight * time.TotalSeconds);
        _rates.AddOrUpdate(registry, rate, (_, average) => average + ((rate - average) * weight));
    }
}
