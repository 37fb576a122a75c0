using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Peili.Containerd;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>Totals since start, and what is going on now. Bytes are body bytes handed to the client.</summary>
internal sealed class TransferStatistics
{
    /// <summary>The time of a smaller one says more of the wait than of the rate.</summary>
    private const long LeastForRate = 1024 * 1024;

    private static readonly KeyValuePair<string, object?>[] SourceLabels =
        [.. Enum.GetValues<TransferSource>().Select(source => new KeyValuePair<string, object?>("source", Labels.Of(source)))];

    private readonly ConcurrentDictionary<ActiveTransfer, byte> _active = new();
    private readonly SourceBytes _uploaded = new();
    private readonly TimeProvider _time;
    private readonly Histogram<double> _firstByte;
    private readonly Histogram<double> _rate;
    private long _misses;
    private long _hedges;
    private long _resumptions;
    private long _wrongDigests;
    private long _lastMirrored;

    public TransferStatistics(TimeProvider time, AgentMeters meters)
    {
        _time = time;
        Missed = new MissedBlobs(Registries, time);
        _firstByte = meters.Agent.CreateHistogram(
            "peili.agent.first.byte",
            "s",
            "From a request of this node's containerd to the first byte for it, by where that came from.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _rate = meters.Agent.CreateHistogram(
            "peili.agent.transfer.rate",
            "By/s",
            "Throughput of bodies of 1 MiB and more to this node's containerd, by where their first byte came from.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e6, 2.5e6, 5e6, 1e7, 2.5e7, 5e7, 1e8, 2.5e8, 5e8, 1e9, 2.5e9] });
    }

    /// <summary>Bytes for this node's containerd, by registry and source.</summary>
    public RegistryTraffic Registries { get; } = new();

    /// <summary>What containerd had to get elsewhere.</summary>
    public MissedBlobs Missed { get; }

    /// <summary>Bytes given to this node's containerd from its own content store.</summary>
    public long LocalBytes => Registries.Total(TransferSource.Local);

    /// <summary>Bytes given to this node's containerd from peers.</summary>
    public long PeerBytes => Registries.Total(TransferSource.Peer) + RelayBytes;

    /// <summary>Those of them that came from peers which were still fetching.</summary>
    public long RelayBytes => Registries.Total(TransferSource.Relay);

    /// <summary>Bytes given to peers.</summary>
    public long UploadedBytes => _uploaded[TransferSource.Local];

    /// <summary>Requests of this node's containerd that were answered 404.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Times that a second holder was asked because the first was silent.</summary>
    public long Hedges => Interlocked.Read(ref _hedges);

    /// <summary>Transfers that went on from another peer in the middle.</summary>
    public long Resumptions => Interlocked.Read(ref _resumptions);

    /// <summary>Contents that did not have their digest.</summary>
    public long WrongDigests => Interlocked.Read(ref _wrongDigests);

    /// <summary>When the last transfer between peers ended; null for never.</summary>
    public DateTimeOffset? LastMirrored => Interlocked.Read(ref _lastMirrored) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Time since then; null for never.</summary>
    public TimeSpan? SinceLastMirrored => LastMirrored is { } last ? _time.GetUtcNow() - last : null;

    public IEnumerable<ActiveTransfer> Active => _active.Keys;

    /// <summary>A body begins; dispose the result when it ends.</summary>
    public ActiveTransfer Begin(MirrorRequest request, Digest digest)
    {
        var totals = request.Listener == Listener.Peer ? _uploaded : Registries.Of(request.Content.Registry);
        var transfer = new ActiveTransfer(this, request.Listener, digest, totals, request.Asked, _time.GetTimestamp());
        _active.TryAdd(transfer, 0);
        return transfer;
    }

    /// <summary>A request of this node's containerd is answered 404.</summary>
    public void CountMiss(MirrorRequest request)
    {
        Interlocked.Increment(ref _misses);
        if (!request.IsHead && request.Range is not { First: null })
        {
            Missed.Add(request.Content, request.Range?.First ?? 0, request.Range?.Last + 1);
        }
    }

    public void CountHedge() => Interlocked.Increment(ref _hedges);

    public void CountResumption() => Interlocked.Increment(ref _resumptions);

    public void CountWrongDigest() => Interlocked.Increment(ref _wrongDigests);

    internal void Begun(ActiveTransfer transfer)
    {
        if (transfer.Listener == Listener.Registry)
        {
            _firstByte.Record(_time.GetElapsedTime(transfer.Asked).TotalSeconds, SourceLabels[(int)transfer.Source]);
        }
    }

    internal void End(ActiveTransfer transfer)
    {
        if (!_active.TryRemove(transfer, out _))
        {
            return;
        }

        if (transfer.IsMirrored)
        {
            Interlocked.Exchange(ref _lastMirrored, _time.GetUtcNow().UtcTicks);
        }

        if (transfer is { Listener: Listener.Registry, Bytes: >= LeastForRate } && transfer.Elapsed is { Ticks: > 0 } elapsed)
        {
            _rate.Record(transfer.Bytes / elapsed.TotalSeconds, SourceLabels[(int)transfer.Source]);
        }
    }

    internal TimeSpan Elapsed(ActiveTransfer transfer) => _time.GetElapsedTime(transfer.Started);
}
