namespace Peili.LocalCluster.Containerd;

/// <summary>An image as containerd's CRI shows it.</summary>
/// <param name="Id">The digest of its configuration.</param>
/// <param name="Tags">Its names by tag.</param>
/// <param name="Digests">Its names by digest.</param>
public sealed record ImageStatus(string Id, IReadOnlyList<string> Tags, IReadOnlyList<string> Digests);
