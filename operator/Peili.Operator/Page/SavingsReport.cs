namespace Peili.Operator.Page;

/// <summary>What mirroring saved, over all nodes.</summary>
/// <param name="FromPeers">Bytes from other nodes since the agents started.</param>
/// <param name="FromLocal">Bytes from the nodes' own stores since the agents started.</param>
/// <param name="Buckets">The last six hours, as far back as operators have counted, the newest last.</param>
internal sealed record SavingsReport(long FromPeers, long FromLocal, IReadOnlyList<SavingsBucket> Buckets);
