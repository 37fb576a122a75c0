using System.Collections.Concurrent;
using Peili.Containerd;

namespace Peili.NodeAgent.Peers;

/// <summary>
/// Takes note of what peers did wrong: one that failed is not offered again until it answers a probe; one that sent a wrong blob is not
/// asked for that blob for ten minutes. So a dead peer costs one request, not one per blob.
/// </summary>
internal sealed partial class PeerHealth(IPeerLocator locator, TimeProvider time, ILogger<PeerHealth> logger)
{
    private const int MaxWrongBlobs = 4096;
    private static readonly TimeSpan WrongBlobMemory = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Peer, Digest Digest), DateTimeOffset> _wrongBlobs = new();

    /// <summary>True when <paramref name="peer"/> sent wrong bytes for this blob not long ago.</summary>
    public bool SentWrong(Peer peer, Digest digest) => _wrongBlobs.TryGetValue((peer.Name, digest), out var until) && time.GetUtcNow() < until;

    /// <summary>Avoids a peer until it answers a probe.</summary>
    public void ReportFailure(Peer peer, string reason)
    {
        if (locator.Avoid(peer))
        {
            LogAvoided(peer, reason);
        }
    }

    /// <summary>Avoids a peer for a blob whose bytes it sent did not have the blob's digest.</summary>
    public void ReportWrongBlob(Peer peer, Digest digest)
    {
        var now = time.GetUtcNow();
        if (_wrongBlobs.Count >= MaxWrongBlobs)
        {
            foreach (var (key, until) in _wrongBlobs.OrderBy(entry => entry.Value).Take(MaxWrongBlobs / 2))
            {
                _wrongBlobs.TryRemove(KeyValuePair.Create(key, until));
            }
        }

        _wrongBlobs[(peer.Name, digest)] = now + WrongBlobMemory;
        LogWrongBlob(peer, digest);
    }

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning, Message = "Avoiding peer {Peer} until it answers a probe: {Reason}")]
    private partial void LogAvoided(Peer peer, string reason);

    [LoggerMessage(EventId = 311, Level = LogLevel.Error, Message = "Peer {Peer} sent bytes that are not {Digest}; it is not asked for this blob for ten minutes. Check that node's disk")]
    private partial void LogWrongBlob(Peer peer, Digest digest);
}
