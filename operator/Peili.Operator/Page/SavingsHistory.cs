namespace Peili.Operator.Page;

/// <summary>Adds up what the nodes' counters went on by. It is kept in memory alone: a new replica begins anew.</summary>
internal sealed class SavingsHistory(ReadCluster read, TimeProvider time)
{
    /// <summary>Six hours.</summary>
    public const int MostBuckets = 72;

    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_width = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Queue<SavingsBucket> _done = new();
    private SavingsBucket? _current;
    private Dictionary<string, (long FromPeers, long FromLocal)> _counters = new(StringComparer.Ordinal);

    /// <summary>Follows the counters until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            Add();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>How things stand.</summary>
    public SavingsReport Read()
    {
        lock (_lock)
        {
            return new SavingsReport(
                _counters.Values.Sum(counter => counter.FromPeers),
                _counters.Values.Sum(counter => counter.FromLocal),
                _current is null ? [] : [.. _done, _current]);
        }
    }

    /// <summary>Takes the counters as they are now.</summary>
    public void Add()
    {
        var counters = read().Statuses.Where(status => status.Status?.Bytes is not null)
            .ToDictionary(status => status.Metadata.Name ?? "", status => (status.Status!.Bytes!.FromPeers, status.Status.Bytes.FromLocal), StringComparer.Ordinal);
        var start = new DateTimeOffset(time.GetUtcNow().UtcTicks / s_width.Ticks * s_width.Ticks, TimeSpan.Zero);
        lock (_lock)
        {
            var bucket = _current?.Start == start ? _current : Next(start);
            foreach (var (node, now) in counters)
            {
                // What a node had when it was first seen is from an unknown time.
                var before = _counters.GetValueOrDefault(node, now);
                bucket = bucket with
                {
                    FromPeers = bucket.FromPeers + Gain(before.FromPeers, now.FromPeers),
                    FromLocal = bucket.FromLocal + Gain(before.FromLocal, now.FromLocal),
                };
            }

            (_current, _counters) = (bucket, counters);
        }
    }

    /// <summary>An agent that was started anew counts from zero.</summary>
    private static long Gain(long before, long now) => now >= before ? now - before : now;

    private SavingsBucket Next(DateTimeOffset start)
    {
        if (_current is not null)
        {
            _done.Enqueue(_current);
            if (_done.Count == MostBuckets)
            {
                _done.Dequeue();
            }
        }

        return new SavingsBucket(start, 0, 0);
    }
}
