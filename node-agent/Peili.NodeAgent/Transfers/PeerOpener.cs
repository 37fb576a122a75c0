using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>Opens a content at the first of several holders that answers; a silent one costs a hedge delay, not a timeout.</summary>
internal sealed class PeerOpener(PeerClient client, PeerHealth health, TransferStatistics statistics, TimeProvider time)
{
    /// <summary>Opens a content at one of <paramref name="holders"/>, asked in order, each next one when the last is silent or fails.</summary>
    /// <param name="method">GET, or HEAD where no body is wanted.</param>
    /// <param name="request">What to ask for.</param>
    /// <param name="range">Part of it, or null for all.</param>
    /// <param name="holders">Candidates, best first.</param>
    /// <param name="cancellationToken">Fires when the client left.</param>
    public async ValueTask<Opening> OpenAsync(
        HttpMethod method, ContentRequest request, ByteRange? range, IReadOnlyList<Peer> holders, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TransferLimits.OpenTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var attempts = new List<OpenAttempt>(holders.Count);
        var next = 0;
        try
        {
            while (next < holders.Count || attempts.Count > 0)
            {
                if (next < holders.Count)
                {
                    if (attempts.Count > 0)
                    {
                        statistics.CountHedge();
                    }

                    attempts.Add(Start(method, request, range, holders[next++]));
                }

                var ended = await FirstToEndAsync(attempts, hedge: next < holders.Count, either.Token);
                if (either.IsCancellationRequested)
                {
                    break;
                }

                if (ended is not null && attempts.Remove(ended) && Take(await ended.Answer) is { } opening)
                {
                    attempts.ForEach(slower => slower.Overtake(health, TransferLimits.OpenTimeout));
                    attempts.Clear();
                    return opening;
                }
            }

            if (patience.IsCancellationRequested)
            {
                attempts.ForEach(silent => health.ReportFailure(silent.Peer, $"no answer within {TransferLimits.OpenTimeout.TotalSeconds:0} s"));
            }

            return default;
        }
        finally
        {
            attempts.ForEach(attempt => attempt.Abandon());
        }
    }

    private OpenAttempt Start(HttpMethod method, ContentRequest request, ByteRange? range, Peer peer)
    {
        var cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        return new OpenAttempt(peer, client.SendAsync(method, peer, request, range, cut.Token).AsTask(), cut);
    }

    /// <summary>The first attempt to end; null when it is time to start the next one, or to give up.</summary>
    private async Task<OpenAttempt?> FirstToEndAsync(List<OpenAttempt> attempts, bool hedge, CancellationToken cancellationToken)
    {
        var pause = Task.Delay(hedge ? TransferLimits.HedgeDelay : Timeout.InfiniteTimeSpan, time, cancellationToken);
        var ended = await Task.WhenAny([.. attempts.Select(attempt => (Task)attempt.Answer), pause]);
        return attempts.Find(attempt => attempt.Answer == ended);
    }

    private Opening? Take(PeerAnswer answer)
    {
        switch (answer.Outcome)
        {
            case PeerOutcome.Found:
                return new Opening(new BodyStream(answer), null);
            case PeerOutcome.RangeNotSatisfiable:
                return new Opening(null, answer.TotalLength);
            case PeerOutcome.Failed:
                health.ReportFailure(answer.Peer, answer.Reason ?? "no answer");
                return null;
            default:
                return null;
        }
    }
}
