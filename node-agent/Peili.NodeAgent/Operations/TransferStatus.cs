namespace Peili.NodeAgent.Operations;

/// <summary>A transfer going on.</summary>
internal sealed record TransferStatus(string Digest, string To, long Bytes, double Seconds);
