using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>How much each node gives to the others.</summary>
public sealed record UploadsSpec
{
    /// <summary>The most bytes a second that a node sends to others, as in <c>100M</c>; empty, the default, for automatic.</summary>
    [Length(16)]
    [Pattern("^$|" + Patterns.PositiveRate, Patterns.PositiveRateMessage)]
    public string Rate { get; init => field = value ?? ""; } = "";

    /// <summary>The most blobs that a node sends to others at once, up to 1024; 0, the default, for automatic.</summary>
    [Range(0, 1024)]
    public int Concurrent { get; init; }
}
