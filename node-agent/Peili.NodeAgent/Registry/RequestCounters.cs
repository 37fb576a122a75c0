using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Registry;

/// <summary>Pull requests since start, by who asked, for what, and how it ended. Safe for use by many threads.</summary>
internal sealed class RequestCounters
{
    private static readonly int Kinds = Enum.GetValues<RequestKind>().Length;
    private static readonly int Outcomes = Enum.GetValues<RequestOutcome>().Length;

    private readonly long[] _counts = new long[2 * Kinds * Outcomes];

    /// <summary>The requests of this node's containerd (<see cref="Listener.Registry"/>), or of peers.</summary>
    public long this[Listener listener, RequestKind kind, RequestOutcome outcome] => Interlocked.Read(ref Cell(listener, kind, outcome));

    public void Count(Listener listener, RequestKind kind, RequestOutcome outcome) => Interlocked.Increment(ref Cell(listener, kind, outcome));

    private ref long Cell(Listener listener, RequestKind kind, RequestOutcome outcome) =>
        ref _counts[((((listener == Listener.Peer ? 1 : 0) * Kinds) + (int)kind) * Outcomes) + (int)outcome];
}
