using System.Collections.Concurrent;
using Peili.Containerd;

namespace Peili.NodeAgent.Peers;

/// <summary>
/// Remembers which peers not to ask: one that failed, until it answers a probe; one that sent a wrong blob, for that blob, for ten minutes.
/// So a dead peer costs one request, not one per blob.
/// </summary>
internal sealed partial class PeerHealth(PeerClient client, TimeProvider time, ILogger<PeerHealth> logger)
{
    private const int MaxWrongBlobs = 4096;
    private static readonly TimeSpan WrongBlobMemory = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Peer, string> _failed = new();
    private readonly ConcurrentDictionary<(Peer Peer, Digest Digest), DateTimeOffset> _wrongBlobs = new();

    /// <summary>True when <paramref name="peer"/> should not be asked now (for <paramref name="digest"/>, when one is known).</summary>
    public bool IsAvoided(Peer peer, Digest? digest) =>
        _failed.ContainsKey(peer)
        || (digest is { } wanted && _wrongBlobs.TryGetValue((peer, wanted), out var until) && time.GetUtcNow() < until);

    /// <summary>Avoids a peer until it answers a probe.</summary>
    public void ReportFailure(Peer peer, string reason)
    {
        if (_failed.TryAdd(peer, reason))
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

        _wrongBlobs[(peer, digest)] = now + WrongBlobMemory;
        LogWrongBlob(peer, digest);
    }

    /// <summary>Probes the failed peers every second until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ProbePeriod, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await Task.WhenAll(_failed.Keys.Select(peer => ProbeAsync(peer, cancellationToken)));
        }
    }

    private async Task ProbeAsync(Peer peer, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(ProbeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, bound.Token);
        if (await client.ProbeAsync(peer, either.Token) && _failed.TryRemove(peer, out _))
        {
            LogBack(peer);
        }
    }

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning, Message = "Avoiding peer {Peer} until it answers a probe: {Reason}")]
    private partial void LogAvoided(Peer peer, string reason);

    [LoggerMessage(EventId = 311, Level = LogLevel.Error, Message = "Peer {Peer} sent bytes that are not {Digest}; it is not asked for this blob for ten minutes. Check that node's disk")]
    private partial void LogWrongBlob(Peer peer, Digest digest);

    [LoggerMessage(EventId = 312, Level = LogLevel.Information, Message = "Peer {Peer} answers again")]
    private partial void LogBack(Peer peer);
}
