namespace Peili.Operator.Page;

/// <summary>Bytes that containerd got from the agents in five minutes, over all nodes.</summary>
/// <param name="Start">When they begin.</param>
/// <param name="FromPeers">From other nodes: what upstream did not have to send.</param>
/// <param name="FromLocal">From the node's own store.</param>
internal sealed record SavingsBucket(DateTimeOffset Start, long FromPeers, long FromLocal);
