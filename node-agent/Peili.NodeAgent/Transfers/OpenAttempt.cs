using Peili.NodeAgent.Peers;

namespace Peili.NodeAgent.Transfers;

/// <summary>A request under way to one holder.</summary>
internal sealed record OpenAttempt(Peer Peer, Task<PeerAnswer> Answer, CancellationTokenSource Cut)
{
    /// <summary>Goes on with somebody who was faster. An answer is still awaited: who does not give one in <paramref name="patience"/> is avoided from then on.</summary>
    public void Overtake(PeerHealth health, TimeSpan patience)
    {
        Cut.CancelAfter(patience);
        _ = BlameAsync(health, patience);
    }

    /// <summary>Gives up, and disposes an answer that arrives all the same.</summary>
    public void Abandon()
    {
        Cut.Cancel();
        _ = Answer.ContinueWith(static ended => ended.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task BlameAsync(PeerHealth health, TimeSpan patience)
    {
        using var answer = await Answer;
        if (answer.Outcome is PeerOutcome.Failed or PeerOutcome.Cancelled)
        {
            health.ReportFailure(Peer, answer.Reason ?? $"no answer within {patience.TotalSeconds:0} s");
        }
    }
}
