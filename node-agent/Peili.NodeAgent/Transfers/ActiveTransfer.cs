using Peili.Containerd;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Transfers;

/// <summary>A body on its way to a client.</summary>
/// <param name="statistics">Told of its first byte and of its end.</param>
/// <param name="listener">Who asked.</param>
/// <param name="digest">What is sent.</param>
/// <param name="totals">Where its bytes are added up.</param>
/// <param name="asked">When the request came, as a <see cref="TimeProvider.GetTimestamp"/>.</param>
/// <param name="started">When the body began.</param>
internal sealed class ActiveTransfer(TransferStatistics statistics, Listener listener, Digest digest, SourceBytes totals, long asked, long started) : IDisposable
{
    private long _bytes;

    public Listener Listener => listener;

    public Digest Digest => digest;

    public long Asked => asked;

    public long Started => started;

    /// <summary>Bytes sent so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Where its first byte came from.</summary>
    public TransferSource Source { get; private set; }

    /// <summary>Whether a byte of it crossed the network between peers.</summary>
    public bool IsMirrored { get; private set; }

    /// <summary>How many bytes are to be sent; 0 while nobody has said.</summary>
    public long Total { get; set; }

    /// <summary>The node at the other end, or its address: of an upload who gets it, otherwise who sends it; null when no other node takes part, or nobody has said.</summary>
    public string? Node { get; set; }

    public TimeSpan Elapsed => statistics.Elapsed(this);

    /// <summary>Counts bytes that are handed to the client.</summary>
    public void Add(int bytes, TransferSource source)
    {
        if (bytes == 0)
        {
            return;
        }

        if (Interlocked.Add(ref _bytes, bytes) == bytes)
        {
            Source = source;
            statistics.Begun(this);
        }

        IsMirrored |= source != TransferSource.Local || listener == Listener.Peer;
        totals.Add(source, bytes);
    }

    public void Dispose() => statistics.End(this);
}
