using System.Collections.Concurrent;

namespace Peili.NodeAgent.ColdStart;

/// <summary>
/// How fast this node gets blobs of each registry, all of them together: from upstream itself, as a long average, and at this moment from wherever
/// they come. Blobs share a link, so that one alone says little.
/// </summary>
internal sealed class RegistryRates
{
    private const int MostRegistries = 256;

    /// <summary>Bytes a second that are as good as none: an average only nears 0.</summary>
    private const long Trickle = 4096;

    /// <summary>Seconds over which the present rate is taken.</summary>
    private const double PresentSeconds = 3;

    /// <summary>Seconds of fetching from upstream over which the average is taken.</summary>
    private const double PastSeconds = 30;

    private readonly ConcurrentDictionary<string, Rates> _registries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether nothing comes from anywhere.</summary>
    public bool IsQuiet => _registries.Values.All(rates => rates.Present == 0);

    /// <summary>So many bytes came from upstream.</summary>
    public void AddDirect(string registry, long bytes)
    {
        if (Find(registry) is { } rates)
        {
            Interlocked.Add(ref rates.Direct, bytes);
        }
    }

    /// <summary>So many bytes came from another node.</summary>
    public void AddRelayed(string registry, long bytes)
    {
        if (Find(registry) is { } rates)
        {
            Interlocked.Add(ref rates.Relayed, bytes);
        }
    }

    /// <summary>Takes what has come into the averages. Called at short intervals.</summary>
    /// <param name="elapsed">Since it was last called.</param>
    public void Settle(TimeSpan elapsed)
    {
        foreach (var rates in _registries.Values)
        {
            rates.Settle(Math.Max(elapsed.TotalSeconds, 0.001));
        }
    }

    /// <summary>Whether blobs come at less than half the rate at which this node got them from upstream by itself.</summary>
    public bool IsSlow(string registry) => _registries.TryGetValue(registry, out var rates) && rates.IsSlow;

    /// <summary>Whether blobs come, at this rate at least and not slowly.</summary>
    public bool IsFlowing(string registry, long bytesPerSecond) =>
        _registries.TryGetValue(registry, out var rates) && !rates.IsSlow && rates.Present > Math.Max(Trickle, bytesPerSecond);

    private Rates? Find(string registry) =>
        _registries.TryGetValue(registry, out var rates) ? rates : _registries.Count < MostRegistries ? _registries.GetOrAdd(registry, static _ => new Rates()) : null;

    private sealed class Rates
    {
        public long Direct;
        public long Relayed;

        // Bytes a second; averages of 0 are not known yet.
        private double _present;
        private double _fromUpstream;

        // The average over the time since bytes began to come, and which part of its window that is: right after a pause it is not to look like a slow source.
        private double _average;
        private double _filled;

        public double Present => Volatile.Read(ref _present);

        public bool IsSlow => Present < Volatile.Read(ref _fromUpstream) / 2;

        public void Settle(double seconds)
        {
            var direct = Interlocked.Exchange(ref Direct, 0) / seconds;
            var relayed = Interlocked.Exchange(ref Relayed, 0) / seconds;
            var isPause = direct + relayed == 0 && _average < Trickle;
            _average = isPause ? 0 : Average(_average, direct + relayed, seconds / PresentSeconds);
            _filled = isPause ? 0 : Average(_filled, 1, seconds / PresentSeconds);
            Volatile.Write(ref _present, isPause ? 0 : _average / _filled);
            if (direct > 0 && relayed == 0)
            {
                Volatile.Write(ref _fromUpstream, _fromUpstream == 0 ? direct : Average(_fromUpstream, direct, seconds / PastSeconds));
            }
        }

        private static double Average(double average, double rate, double weight) => average + ((rate - average) * Math.Min(1, weight));
    }
}
