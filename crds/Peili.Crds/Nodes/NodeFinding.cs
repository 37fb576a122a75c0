using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Something that stands between a node's containerd and the agent.</summary>
public sealed record NodeFinding
{
    /// <summary>What it is, in one word, as in <c>ConfigPathList</c>.</summary>
    [Length(64, Min = 1)]
    public required string Reason { get; init => field = Bounded.Text(value, 64); }

    /// <summary>Error: the node does not pull from peers. Warning: it does, but something is missing or will go wrong. Information: nothing has to be done.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>What was seen.</summary>
    [Length(2048)]
    public string Message { get; init => field = Bounded.Text(value, 2048); } = "";

    /// <summary>Where it was seen: file and line on the node, or what containerd said; empty where there is no such place.</summary>
    [Length(2048)]
    public string Evidence { get; init => field = Bounded.Text(value, 2048); } = "";

    /// <summary>What to do about it on this node; empty where nothing is to be done.</summary>
    [Length(4096)]
    public string Remedy { get; init => field = Bounded.Text(value, 4096); } = "";
}
