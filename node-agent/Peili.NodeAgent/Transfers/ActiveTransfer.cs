using Peili.Containerd;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Transfers;

/// <summary>A body on its way to a client.</summary>
/// <param name="statistics">Where its bytes are added up.</param>
/// <param name="listener">Who asked.</param>
/// <param name="digest">What is sent.</param>
/// <param name="started">When, as a <see cref="TimeProvider.GetTimestamp"/>.</param>
internal sealed class ActiveTransfer(TransferStatistics statistics, Listener listener, Digest digest, long started) : IDisposable
{
    private long _bytes;

    public Listener Listener => listener;

    public Digest Digest => digest;

    public long Started => started;

    /// <summary>Bytes sent so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether a byte of it crossed the network between peers.</summary>
    public bool IsMirrored { get; private set; }

    /// <summary>How many bytes are to be sent; 0 while nobody has said.</summary>
    public long Total { get; set; }

    /// <summary>The node at the other end, or its address: of an upload who gets it, otherwise who sends it; null when no other node takes part, or nobody has said.</summary>
    public string? Node { get; set; }

    public TimeSpan Elapsed => statistics.Elapsed(this);

    public void AddLocal(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        IsMirrored |= listener == Listener.Peer;
        statistics.AddLocal(listener, bytes);
    }

    public void AddFromPeer(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        IsMirrored = true;
        statistics.AddFromPeer(bytes);
    }

    public void Dispose() => statistics.End(this);
}
