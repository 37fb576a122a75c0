using Peili.Containerd.Ingests;

namespace Peili.Containerd;

/// <summary>A blob that containerd is still receiving, or stopped receiving, as it lies in the content store.</summary>
/// <param name="Namespace">Whose pull or import it is.</param>
/// <param name="Reference">Its name there; a pull's is <c>layer-sha256:..</c>, <c>manifest-sha256:..</c> and the like.</param>
/// <param name="DataPath">The file that grows. At the commit it is renamed to the blob's, and an open handle stays good.</param>
/// <param name="Length">Its length in bytes when it was looked at.</param>
/// <param name="Total">The length it is to reach; null when that is not known.</param>
/// <param name="UpdatedAt">When the file was last written to.</param>
public sealed record Ingest(
    string Namespace,
    string Reference,
    string DataPath,
    long Length,
    long? Total,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The digest in <see cref="Reference"/>; null when it names none. Nothing has verified it yet.</summary>
    public Digest? Expected => IngestReference.FindDigest(Reference);
}
