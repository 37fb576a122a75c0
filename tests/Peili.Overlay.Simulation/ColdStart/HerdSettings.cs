namespace Peili.Overlay.Simulation.ColdStart;

/// <summary>A cold start to simulate.</summary>
/// <param name="Nodes">How many want the blob at once.</param>
/// <param name="Size">Of the blob, in bytes.</param>
/// <param name="LinkRate">Of each node, in each direction, in bytes a second.</param>
/// <param name="UpstreamRate">Of upstream, in bytes a second.</param>
internal sealed record HerdSettings(int Nodes, long Size, double LinkRate, double UpstreamRate)
{
    /// <summary>The part of the nodes that is lost when the first of them has half of the blob.</summary>
    public double Deaths { get; init; }

    /// <summary>Whether the tracker that gives out the roles is lost then, too.</summary>
    public bool LosesTracker { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>What no scheme can beat: upstream's link, or a node's.</summary>
    public double Bound => Size / Math.Min(LinkRate, UpstreamRate);
}
