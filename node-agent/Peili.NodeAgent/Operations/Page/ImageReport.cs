namespace Peili.NodeAgent.Operations.Page;

/// <summary>An image of this node's containerd.</summary>
/// <param name="Name">The name people know it by.</param>
/// <param name="OtherNames">Its other names: by digest, by containerd's id.</param>
/// <param name="Digest">What it stands for.</param>
/// <param name="Size">Of what of it is here, in bytes, as it is stored: compressed.</param>
/// <param name="BlobCount">How many blobs of it are here.</param>
/// <param name="Blobs">These, the largest first; the hundred largest at most.</param>
internal sealed record ImageReport(string Name, IReadOnlyList<string> OtherNames, string Digest, long Size, int BlobCount, IReadOnlyList<BlobReport> Blobs);
