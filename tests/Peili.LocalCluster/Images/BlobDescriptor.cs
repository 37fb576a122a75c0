namespace Peili.LocalCluster.Images;

/// <summary>A blob by its contents (OCI image specification, descriptor.md).</summary>
/// <param name="MediaType">What it is.</param>
/// <param name="Digest">sha256:&lt;hex&gt;.</param>
/// <param name="Size">Bytes.</param>
public sealed record BlobDescriptor(string MediaType, string Digest, long Size)
{
    /// <summary>The digest without the name of its algorithm.</summary>
    public string Hex => Digest[(Digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
