namespace Peili.LocalCluster.Images;

/// <summary>An image in the upstream registry.</summary>
/// <param name="Image">The image.</param>
/// <param name="Registry">host:port, as references begin.</param>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag.</param>
public sealed record PushedImage(BuiltImage Image, string Registry, string Repository, string Tag)
{
    /// <summary>The reference by tag.</summary>
    public string ByTag => $"{Registry}/{Repository}:{Tag}";

    /// <summary>The reference by the digest of the index, or of the manifest where there is no index.</summary>
    public string ByDigest => $"{Registry}/{Repository}@{Image.Root.Digest}";
}
