namespace Peili.Containerd;

/// <summary>A name in containerd's image store, and what it stands for.</summary>
/// <param name="Name">As it stands there: <c>docker.io/library/x:1</c>, <c>repo@sha256:..</c>, <c>sha256:..</c>, or whatever an import chose.</param>
/// <param name="Target">The manifest or index.</param>
/// <param name="Labels">containerd's labels on the image.</param>
public sealed record Image(string Name, Descriptor Target, IReadOnlyDictionary<string, string> Labels);
