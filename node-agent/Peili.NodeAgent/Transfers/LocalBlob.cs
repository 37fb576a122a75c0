using Peili.Containerd;

namespace Peili.NodeAgent.Transfers;

/// <summary>An open blob of this node's content store.</summary>
internal sealed record LocalBlob(Digest Digest, string ContentType, BlobFile File) : IDisposable
{
    public void Dispose() => File.Dispose();
}
