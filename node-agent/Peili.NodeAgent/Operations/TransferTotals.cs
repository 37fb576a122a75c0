namespace Peili.NodeAgent.Operations;

/// <summary>Totals since the agent started; bytes are body bytes.</summary>
internal sealed record TransferTotals(long LocalBytes, long PeerBytes, long UploadedBytes, long Misses, long Resumptions, long WrongDigests);
