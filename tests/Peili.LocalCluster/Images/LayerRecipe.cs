namespace Peili.LocalCluster.Images;

/// <summary>One layer: a tar archive with one file.</summary>
/// <param name="Size">The file's bytes. The blob is a little larger, or much smaller where it is compressible and compressed.</param>
public sealed record LayerRecipe(long Size)
{
    /// <summary>Whether the file's contents can be compressed; random bytes otherwise.</summary>
    public bool Compressible { get; init; }

    /// <summary>Whether the blob is compressed (tar+gzip) or a plain tar.</summary>
    public bool Gzip { get; init; }
}
