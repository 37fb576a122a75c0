using System.Diagnostics.Metrics;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>Finds holders in the overlay's directory.</summary>
internal sealed class OverlayLocator(ClusterOverlay overlay, AgentMeters meters, TimeProvider time) : IPeerLocator
{
    /// <summary>Who lives answers in milliseconds; a new connection costs three round trips.</summary>
    private static readonly TimeSpan ReachPatience = TimeSpan.FromMilliseconds(500);

    private static readonly KeyValuePair<string, object?>[] OutcomeLabels =
        [.. Enum.GetValues<LookupOutcome>().Select(outcome => new KeyValuePair<string, object?>("outcome", Labels.Of(outcome)))];

    private readonly Histogram<double> _seconds = meters.Overlay.CreateHistogram(
        "peili.overlay.lookup",
        "s",
        "How long a pull waited for the directory's answer, by what that was.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1] });

    public async ValueTask<IReadOnlyList<Peer>> LocateAsync(ContentRequest request, CancellationToken cancellationToken)
    {
        if (overlay.Node is not { } node || cancellationToken.IsCancellationRequested)
        {
            return [];
        }

        try
        {
            var start = time.GetTimestamp();
            var result = await node.LookupAsync(AnnouncedKeys.Of(request), cancellationToken);
            _seconds.Record(time.GetElapsedTime(start).TotalSeconds, OutcomeLabels[(int)result.Outcome]);
            return [.. result.Candidates.Select(candidate => new Peer(candidate.Name, candidate.Address.ToEndPoint()))];
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    public bool Avoid(Peer peer) => overlay.Node?.ReportFailure(peer.Name) == true;

    public async ValueTask<bool> IsThereAsync(Peer peer) => overlay.Node is not { } node || await node.ReachAsync(peer.Name, ReachPatience);
}
