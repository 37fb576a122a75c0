using System.Collections.Concurrent;
using System.Threading.Channels;
using Peili.Containerd;
using Peili.Containerd.Ingests;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>
/// What this node is fetching, and in which role. The agent never sees upstream's answers, so an origin's lease follows the ingest: while that
/// is there, the trackers hear of it twice a second; when it goes without the blob, or stalls, at once.
/// </summary>
internal sealed partial class Leases
{
    private const int MostLeases = 4096;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    /// <summary>The same while nothing is fetched: whatever begins is heard of at once.</summary>
    private static readonly TimeSpan IdleStep = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A slow first byte is no failure, nor is one that waits for its turn: containerd 2.x opens more ingests than it fetches at a time. But without one
    /// for so long while nothing else of the registry comes, others had better not wait.
    /// </summary>
    private static readonly TimeSpan LateByte = TimeSpan.FromSeconds(10);

    /// <summary>An ingest that is found so soon after the start, and grows, is one that the agent's last run knew of.</summary>
    private static readonly TimeSpan Reclaim = TimeSpan.FromSeconds(10);

    /// <summary>Others that want what this node has just fetched want what it fetches next.</summary>
    private static readonly TimeSpan HerdMemory = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Digest, Lease> _leases = new();

    // Without a blob: a lease has begun.
    private readonly Channel<(GrowingBlob? Blob, GrowingBlobState State)> _changes =
        Channel.CreateBounded<(GrowingBlob?, GrowingBlobState)>(new BoundedChannelOptions(MostLeases) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly ConcurrentDictionary<Digest, (Lease Lease, long At)> _fetched = new();
    private long _herdSeenAt;
    private long _settledAt;

    private readonly GrowingBlobs _blobs;
    private readonly ClusterOverlay _overlay;
    private readonly RegistryRates _rates;
    private readonly TimeProvider _time;
    private readonly ILogger<Leases> _logger;
    private readonly long _minRate;

    public Leases(AgentOptions options, GrowingBlobs blobs, ClusterOverlay overlay, RegistryRates rates, TimeProvider time, ILogger<Leases> logger)
    {
        _minRate = options.Relay.MinRate;
        _blobs = blobs;
        _overlay = overlay;
        _rates = rates;
        _time = time;
        _logger = logger;
        _herdSeenAt = time.GetTimestamp() - (long)(HerdMemory.TotalSeconds * time.TimestampFrequency);
        blobs.Changed = (blob, state) => _changes.Writer.TryWrite((blob, state));
    }

    /// <summary>What this node is fetching.</summary>
    public IEnumerable<Lease> All => _leases.Values;

    /// <summary>What this node has fetched in the last ten seconds.</summary>
    public IEnumerable<Lease> JustFetched => _fetched.Values.Select(fetched => fetched.Lease);

    /// <summary>How many blobs this node fetches from upstream for the others to stream.</summary>
    public int Origins => _leases.Values.Count(lease => lease.IsOrigin);

    /// <summary>The same, where others are known to fetch what this node fetches; 0 otherwise.</summary>
    public int Load => IsHerd ? Origins : 0;

    /// <summary>Whether others fetch what this node fetches, as far as it has seen in the last ten seconds.</summary>
    public bool IsHerd => _time.GetElapsedTime(Volatile.Read(ref _herdSeenAt)) < HerdMemory;

    /// <summary>Others fetch what this node fetches.</summary>
    public void SeeHerd() => Volatile.Write(ref _herdSeenAt, _time.GetTimestamp());

    /// <summary>Another node asks for a blob.</summary>
    public void SeeAsked(Digest digest)
    {
        if (_leases.ContainsKey(digest) || _fetched.ContainsKey(digest))
        {
            SeeHerd();
        }
    }

    /// <summary>This node's part in the fetch of a blob; null when it has none.</summary>
    public Lease? Find(Digest digest) => _leases.GetValueOrDefault(digest);

    /// <summary>The lease on a blob, begun if need be.</summary>
    public Lease Begin(Digest digest, string registry, string repository)
    {
        if (Find(digest) is { } lease)
        {
            return lease;
        }

        lease = _leases.GetOrAdd(digest, static (key, from) => new Lease(key, from.registry, from.repository), (registry, repository));
        _changes.Writer.TryWrite(default);
        return lease;
    }

    /// <summary>This node's containerd goes upstream for the blob: others may stream from it.</summary>
    public void BecomeOrigin(Lease lease, long mark)
    {
        lease.IsOrigin = true;
        lease.FlowedAt = _time.GetTimestamp();
        lease.Path = [];
        lease.Mark = mark;
        LogOrigin(lease.Digest, mark);
    }

    /// <summary>Speaks for the origins until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _overlay.WaitForStartAsync(cancellationToken);
        var started = _time.GetTimestamp();
        using var timer = new PeriodicTimer(Step, _time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var change = _changes.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            await Task.WhenAny(tick, change);
            while (_changes.Reader.TryRead(out var changed))
            {
                if (changed.Blob is { } blob)
                {
                    Follow(blob, changed.State, _time.GetElapsedTime(started) < Reclaim);
                }
            }

            if (tick.IsCompleted)
            {
                await tick;
                _blobs.Follow();
                Report();
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            Pace(timer, isStart: _time.GetElapsedTime(started) < Reclaim);

            if (change.IsCompleted)
            {
                await change;
                change = _changes.Reader.WaitToReadAsync(cancellationToken).AsTask();
            }
        }
    }

    /// <summary>A tick that finds nothing to do costs as much as one that does.</summary>
    private void Pace(PeriodicTimer timer, bool isStart)
    {
        var step = isStart || !_leases.IsEmpty || !_fetched.IsEmpty || !_rates.IsQuiet ? Step : IdleStep;
        if (step != timer.Period)
        {
            _settledAt = step == Step ? _time.GetTimestamp() : _settledAt;
            timer.Period = step;
        }
    }

    private void Follow(GrowingBlob blob, GrowingBlobState state, bool isStart)
    {
        var lease = Find(blob.Digest);
        switch (state)
        {
            case GrowingBlobState.Fetching when lease is { IsOrigin: true }:
                Tell(lease, blob);
                break;
            case GrowingBlobState.Fetching when lease is null && isStart:
                BecomeOrigin(Begin(blob.Digest, "", ""), blob.Length);
                break;
            case GrowingBlobState.Committed when _leases.TryRemove(blob.Digest, out lease):
                lease.Mark = Math.Max(blob.Total, blob.Length);
                _fetched[blob.Digest] = (lease, _time.GetTimestamp());
                break;
            case GrowingBlobState.Released or GrowingBlobState.Aborted or GrowingBlobState.Stalled or GrowingBlobState.Truncated when lease is not null:
                Release(lease, blob.Length);
                break;
        }
    }

    private void Report()
    {
        var now = _time.GetTimestamp();
        _rates.Settle(_time.GetElapsedTime(_settledAt, now));
        _settledAt = now;
        foreach (var (digest, (_, at)) in _fetched)
        {
            if (_time.GetElapsedTime(at) > HerdMemory)
            {
                _fetched.TryRemove(digest, out _);
            }
        }

        foreach (var lease in _leases.Values)
        {
            if (_blobs.Find(lease.Digest) is not { IsActive: true } blob)
            {
                Release(lease, lease.Mark);
            }
            else if (lease.IsOrigin && (blob.State == GrowingBlobState.Fetching || _time.GetElapsedTime(lease.FlowedAt) < LateByte))
            {
                lease.FlowedAt = _rates.IsFlowing(lease.Registry, _minRate) ? now : lease.FlowedAt;
                Count(lease, blob.Length);
                Tell(lease, blob);
            }
        }
    }

    private void Count(Lease lease, long mark)
    {
        _rates.AddDirect(lease.Registry, Math.Max(0, mark - lease.Mark));
        lease.Mark = mark;
    }

    private void Tell(Lease lease, GrowingBlob blob) =>
        _overlay.Node?.ReportLease(AnnouncedKeys.Of(lease.Digest), blob.Length > 0 ? LeasePhase.Fetching : LeasePhase.Granted, blob.Length);

    private void Release(Lease lease, long mark)
    {
        if (_leases.TryRemove(lease.Digest, out _) && lease.IsOrigin)
        {
            _overlay.Node?.ReportLease(AnnouncedKeys.Of(lease.Digest), LeasePhase.Released, mark);
            LogReleased(lease.Digest, mark);
        }
    }

    [LoggerMessage(EventId = 430, Level = LogLevel.Debug, Message = "Origin of {Digest} from byte {Mark} on")]
    private partial void LogOrigin(Digest digest, long mark);

    [LoggerMessage(EventId = 431, Level = LogLevel.Debug, Message = "No longer an origin of {Digest}: containerd stopped at byte {Mark}")]
    private partial void LogReleased(Digest digest, long mark);
}
