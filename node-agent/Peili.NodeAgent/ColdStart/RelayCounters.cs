using System.Diagnostics.Metrics;
using Peili.NodeAgent.Metrics;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>What this node's requests for blobs on their way came to, since start. Safe for use by many threads.</summary>
internal sealed class RelayCounters
{
    private readonly long[] _grants = new long[Enum.GetValues<GrantKind>().Length];
    private readonly long[] _stalls = new long[Enum.GetValues<RelayStall>().Length];
    private readonly Histogram<double> _wait;

    public RelayCounters(AgentMeters meters) => _wait = meters.Agent.CreateHistogram(
        "peili.agent.relay.wait",
        "s",
        "How long a request for a blob on its way waited for a source, by what it got.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20] });

    /// <summary>A tracker gave this node a role.</summary>
    public void CountGrant(GrantKind kind) => Interlocked.Increment(ref _grants[(int)kind]);

    /// <summary>A source did not go on.</summary>
    public void CountStall(RelayStall stall) => Interlocked.Increment(ref _stalls[(int)stall]);

    /// <summary>A request waits no more.</summary>
    public void RecordWait(TimeSpan wait, bool isFound) => _wait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("result", isFound ? "source" : "upstream"));

    /// <summary>How often this node was given a role.</summary>
    public long Grants(GrantKind kind) => Interlocked.Read(ref _grants[(int)kind]);

    /// <summary>How often a source did not go on.</summary>
    public long Stalls(RelayStall stall) => Interlocked.Read(ref _stalls[(int)stall]);
}
