namespace Peili.NodeAgent.Operations;

/// <summary>A transfer going on.</summary>
/// <param name="Digest">What is sent.</param>
/// <param name="To">containerd: to this node's own; peer: to another node.</param>
/// <param name="Bytes">Sent so far.</param>
/// <param name="Seconds">Since it began.</param>
/// <param name="Id">Tells it from others of the same digest, as long as the agent runs.</param>
/// <param name="Total">Bytes to be sent; 0 from agents that do not say.</param>
/// <param name="Node">The other node: who gets it, or who sends it to this node; null when none takes part, or it is not known.</param>
internal sealed record TransferStatus(string Digest, string To, long Bytes, double Seconds, long Id = 0, long Total = 0, string? Node = null);
