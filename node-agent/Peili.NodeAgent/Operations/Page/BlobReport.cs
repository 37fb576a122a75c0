namespace Peili.NodeAgent.Operations.Page;

/// <summary>A blob of an image on this node.</summary>
internal sealed record BlobReport(string Digest, long Size);
