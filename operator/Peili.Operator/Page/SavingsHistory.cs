namespace Peili.Operator.Page;

/// <summary>Adds up what the nodes' counters went on by, in buckets of five minutes; <see cref="SavingsStore"/> has them outlive this process.</summary>
internal sealed class SavingsHistory(ReadCluster read, TimeProvider time)
{
    /// <summary>Six hours.</summary>
    public const int MostBuckets = 72;

    private static readonly TimeSpan s_width = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<DateTimeOffset, SavingsBucket> _buckets = [];
    private Dictionary<string, (long FromPeers, long FromLocal)> _counters = new(StringComparer.Ordinal);

    /// <summary>How things stand.</summary>
    public SavingsReport Read()
    {
        lock (_lock)
        {
            return new SavingsReport(_counters.Values.Sum(counter => counter.FromPeers), _counters.Values.Sum(counter => counter.FromLocal), [.. Buckets()]);
        }
    }

    /// <summary>Takes the counters as they are now.</summary>
    public void Add()
    {
        var counters = read().Statuses.Where(status => status.Status?.Bytes is not null)
            .ToDictionary(status => status.Metadata.Name ?? "", status => (status.Status!.Bytes!.FromPeers, status.Status.Bytes.FromLocal), StringComparer.Ordinal);
        lock (_lock)
        {
            var (fromPeers, fromLocal) = (0L, 0L);
            foreach (var (node, now) in counters)
            {
                // What a node had when it was first seen is from an unknown time.
                var before = _counters.GetValueOrDefault(node, now);
                fromPeers += Gain(before.FromPeers, now.FromPeers);
                fromLocal += Gain(before.FromLocal, now.FromLocal);
            }

            _counters = counters;
            Put(new SavingsBucket(Now(), fromPeers, fromLocal));
        }
    }

    /// <summary>Takes what a replica before this one, or beside it, had added up before this one began.</summary>
    public void Restore(IEnumerable<SavingsBucket> buckets)
    {
        var now = Now();
        lock (_lock)
        {
            foreach (var bucket in buckets.Where(bucket => bucket.Start <= now && bucket.Start.UtcTicks % s_width.Ticks == 0))
            {
                Put(bucket);
            }
        }
    }

    /// <summary>An agent that was started anew counts from zero.</summary>
    private static long Gain(long before, long now) => now >= before ? now - before : now;

    private DateTimeOffset Now() => new(time.GetUtcNow().UtcTicks / s_width.Ticks * s_width.Ticks, TimeSpan.Zero);

    private void Put(SavingsBucket more)
    {
        var standing = _buckets.GetValueOrDefault(more.Start) ?? new SavingsBucket(more.Start, 0, 0);
        _buckets[more.Start] = standing with { FromPeers = standing.FromPeers + more.FromPeers, FromLocal = standing.FromLocal + more.FromLocal };
        while (_buckets.First() is var oldest && oldest.Key <= _buckets.Last().Key - (MostBuckets * s_width))
        {
            _buckets.Remove(oldest.Key);
        }
    }

    /// <summary>In the five minutes in which no replica ran, nothing was counted.</summary>
    private IEnumerable<SavingsBucket> Buckets()
    {
        for (var start = _buckets.Keys.FirstOrDefault(); _buckets.Count > 0 && start <= _buckets.Last().Key; start += s_width)
        {
            yield return _buckets.GetValueOrDefault(start) ?? new SavingsBucket(start, 0, 0);
        }
    }
}
