using System.Collections.Concurrent;
using Peili.Containerd;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Transfers;

/// <summary>Totals since start, and what is going on now. Bytes are body bytes handed to the client.</summary>
internal sealed class TransferStatistics(TimeProvider time)
{
    private readonly ConcurrentDictionary<ActiveTransfer, byte> _active = new();
    private long _localBytes;
    private long _peerBytes;
    private long _uploadedBytes;
    private long _misses;
    private long _resumptions;
    private long _wrongDigests;
    private long _lastMirrored;

    /// <summary>Bytes given to this node's containerd from its own content store.</summary>
    public long LocalBytes => Interlocked.Read(ref _localBytes);

    /// <summary>Bytes given to this node's containerd from peers.</summary>
    public long PeerBytes => Interlocked.Read(ref _peerBytes);

    /// <summary>Bytes given to peers.</summary>
    public long UploadedBytes => Interlocked.Read(ref _uploadedBytes);

    /// <summary>Requests of this node's containerd that were answered 404.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Transfers that went on from another peer in the middle.</summary>
    public long Resumptions => Interlocked.Read(ref _resumptions);

    /// <summary>Contents that did not have their digest.</summary>
    public long WrongDigests => Interlocked.Read(ref _wrongDigests);

    /// <summary>When the last transfer between peers ended; null for never.</summary>
    public DateTimeOffset? LastMirrored => Interlocked.Read(ref _lastMirrored) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public IEnumerable<ActiveTransfer> Active => _active.Keys;

    /// <summary>A body begins; dispose the result when it ends.</summary>
    public ActiveTransfer Begin(Listener listener, Digest digest)
    {
        var transfer = new ActiveTransfer(this, listener, digest, time.GetTimestamp());
        _active.TryAdd(transfer, 0);
        return transfer;
    }

    public void CountMiss() => Interlocked.Increment(ref _misses);

    public void CountResumption() => Interlocked.Increment(ref _resumptions);

    public void CountWrongDigest() => Interlocked.Increment(ref _wrongDigests);

    internal void AddLocal(Listener listener, int bytes) =>
        Interlocked.Add(ref listener == Listener.Peer ? ref _uploadedBytes : ref _localBytes, bytes);

    internal void AddFromPeer(int bytes) => Interlocked.Add(ref _peerBytes, bytes);

    internal void End(ActiveTransfer transfer)
    {
        if (_active.TryRemove(transfer, out _) && transfer.IsMirrored)
        {
            Interlocked.Exchange(ref _lastMirrored, time.GetUtcNow().UtcTicks);
        }
    }

    internal TimeSpan Elapsed(ActiveTransfer transfer) => time.GetElapsedTime(transfer.Started);
}
