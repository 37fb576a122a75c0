using System.Collections.Concurrent;
using Peili.AgentApi.Security;

namespace Peili.NodeAgent.Security;

/// <summary>Counts what was refused, by reason, and logs each reason at most once a second: a flood must not become a second one in the log.</summary>
internal sealed partial class Refusals(TimeProvider time, ILogger<Refusals> logger)
{
    private static readonly TimeSpan LogPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RefusalReason, Entry> _entries = new();

    /// <summary>How often each reason occurred since start.</summary>
    public IReadOnlyDictionary<RefusalReason, long> Counts => _entries.ToDictionary(entry => entry.Key, entry => entry.Value.Count);

    /// <summary>How often one reason occurred since start.</summary>
    public long Count(RefusalReason reason) => _entries.TryGetValue(reason, out var entry) ? entry.Count : 0;

    /// <summary>Counts one refused peer.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="peer">Who, as far as it is known.</param>
    public void Report(RefusalReason reason, string peer)
    {
        if (_entries.GetOrAdd(reason, static _ => new Entry()).Add(time.GetTimestamp(), (long)(LogPeriod.TotalSeconds * time.TimestampFrequency)))
        {
            LogRefused(peer, reason);
        }
    }

    [LoggerMessage(EventId = 610, Level = LogLevel.Warning, Message = "Refused {Peer}: {Reason}")]
    private partial void LogRefused(string peer, RefusalReason reason);

    private sealed class Entry
    {
        private long _count;
        private long _loggedAt = long.MinValue;

        public long Count => Interlocked.Read(ref _count);

        /// <summary>True when it is time to log again.</summary>
        public bool Add(long now, long period)
        {
            Interlocked.Increment(ref _count);
            var last = Interlocked.Read(ref _loggedAt);
            return (last == long.MinValue || now - last >= period) && Interlocked.CompareExchange(ref _loggedAt, now, last) == last;
        }
    }
}
