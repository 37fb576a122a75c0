namespace Peili.Operator.Page;

/// <summary>A blob that several nodes fetch together.</summary>
/// <param name="Digest">Its first digits.</param>
/// <param name="Registry">Where it comes from; empty where that is not known.</param>
/// <param name="Repository">The repository there; empty where that is not known.</param>
/// <param name="Total">Its size in bytes; 0 where that is not known.</param>
/// <param name="Nodes">How many fetch it, or have just fetched it.</param>
/// <param name="Done">How many of them have it whole.</param>
/// <param name="Bytes">How many bytes they have, together.</param>
/// <param name="Slowest">The node that has the fewest bytes; null when all of them have it whole.</param>
/// <param name="SlowestBytes">How many that has.</param>
/// <param name="TreeNodes">How many nodes its tree has.</param>
/// <param name="Tree">The first of them, each behind the one it streams from.</param>
internal sealed record ColdStartBlob(
    string Digest, string Registry, string Repository, long Total, int Nodes, int Done, long Bytes, string? Slowest, long SlowestBytes, int TreeNodes, IReadOnlyList<RelayNode> Tree);
