namespace Peili.Bench.Herd;

/// <summary>How much of an image the nodes had at one moment of a pull.</summary>
/// <param name="At">Since its start.</param>
/// <param name="Nodes">Of each node: the image's bytes on its disk, and those of them that came from other nodes.</param>
internal sealed record HerdSample(TimeSpan At, IReadOnlyList<(long Bytes, long FromPeers)> Nodes);
