using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Peers;

/// <summary>Finds holders by asking every seed at once (HEAD on its peer endpoint).</summary>
internal sealed class SeedLocator(SeedAddresses seeds, PeerClient client, PeerHealth health, TimeProvider time) : IPeerLocator
{
    /// <summary>A seed silent for this long is not asked again before it answers a probe; so this is paid once, not per blob.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>How long after the first holder others may still be named: enough for a hedge to have somewhere to go.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(5);

    public async ValueTask<IReadOnlyList<Peer>> LocateAsync(ContentRequest request, CancellationToken cancellationToken)
    {
        var asked = seeds.Current.Where(peer => !health.IsAvoided(peer, request.Digest)).ToArray();
        if (asked.Length == 0)
        {
            return [];
        }

        var holders = new List<Peer>();
        var asks = asked.Select(peer => AskAsync(request, peer)).ToList();
        var pause = Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        while (asks.Count > 0 && await Task.WhenAny([.. asks, pause]) is Task<Peer?> ended)
        {
            asks.Remove(ended);
            if (await ended is { } holder)
            {
                holders.Add(holder);
                pause = Task.Delay(Grace, time, cancellationToken);
            }
        }

        return holders;
    }

    /// <summary>
    /// Returns the peer when it holds the content. One that fails or stays silent is avoided from then on, also when nobody waits for it any more:
    /// the client may leave as soon as another holder has answered.
    /// </summary>
    private async Task<Peer?> AskAsync(ContentRequest request, Peer peer)
    {
        using var bound = new CancellationTokenSource(AnswerTimeout, time);
        using var answer = await client.SendAsync(HttpMethod.Head, peer, request, range: null, bound.Token);
        if (answer.Outcome is PeerOutcome.Failed or PeerOutcome.Cancelled)
        {
            health.ReportFailure(peer, answer.Reason ?? $"no answer within {AnswerTimeout.TotalMilliseconds:0} ms");
        }

        return answer.Outcome == PeerOutcome.Found ? peer : null;
    }
}
