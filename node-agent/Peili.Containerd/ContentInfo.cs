namespace Peili.Containerd;

/// <summary>A blob that containerd has committed.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Labels">containerd's labels on it, those of garbage collection and of its origin among them.</param>
public sealed record ContentInfo(Digest Digest, long Size, IReadOnlyDictionary<string, string> Labels);
