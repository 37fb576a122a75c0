namespace Peili.NodeAgent.Operations;

/// <summary>This node's part in the fetch of one blob.</summary>
/// <param name="Digest">The blob.</param>
/// <param name="Registry">Where it comes from; empty when that is not known.</param>
/// <param name="Repository">The repository there; empty when that is not known.</param>
/// <param name="IsOrigin">Whether its containerd fetches it from upstream.</param>
/// <param name="Path">The nodes that the bytes come through, from the origin on, or from one that holds the blob; none for an origin, and before a role is found.</param>
/// <param name="Children">The nodes that stream it from this one.</param>
/// <param name="Bytes">How many are here.</param>
/// <param name="Total">How many it will be; 0 when that is not known.</param>
internal sealed record RelayRole(
    string Digest, string Registry, string Repository, bool IsOrigin, IReadOnlyList<string> Path, IReadOnlyList<string> Children, long Bytes, long Total);
