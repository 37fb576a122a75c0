using System.Formats.Tar;
using System.Text.Json.Nodes;

namespace Peili.LocalCluster.Images;

/// <summary>An image on disk, as an OCI image layout (image-layout.md) without index.json.</summary>
/// <param name="Directory">Where its blobs are: blobs/sha256/&lt;hex&gt;.</param>
/// <param name="Root">The index, or the manifest where there is only one platform.</param>
/// <param name="Platforms">Its platforms, in the order of the recipe.</param>
public sealed record BuiltImage(string Directory, BlobDescriptor Root, IReadOnlyList<BuiltPlatform> Platforms)
{
    /// <summary>The blobs a node of this platform fetches: the index if there is one, manifest, configuration, layers.</summary>
    public IReadOnlyList<BlobDescriptor> BlobsFor(string platform)
    {
        var built = Platforms.Single(candidate => candidate.Platform == platform);
        return [.. new[] { Root, built.Manifest, built.Config }.Distinct(), .. built.Layers];
    }

    /// <summary>The blobs that a node of this machine's platform fetches.</summary>
    public IReadOnlyList<BlobDescriptor> Blobs => BlobsFor(ImageRecipe.OwnPlatform);

    /// <summary>The layers for this machine's platform, lowest first.</summary>
    public IReadOnlyList<BlobDescriptor> Layers => Platforms.Single(built => built.Platform == ImageRecipe.OwnPlatform).Layers;

    /// <summary>The file that holds a blob.</summary>
    public string PathOf(BlobDescriptor blob) => Path.Combine(Directory, "blobs", "sha256", blob.Hex);

    /// <summary>Every blob, each after those it refers to.</summary>
    public IEnumerable<BlobDescriptor> AllBlobs() =>
        Platforms.SelectMany(built => (IEnumerable<BlobDescriptor>)[.. built.Layers, built.Config, built.Manifest]).Append(Root).Distinct();

    /// <summary>Writes a tar archive that <c>ctr images import</c> takes.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="reference">The name the image gets: host/repository:tag.</param>
    /// <param name="cancellationToken">Gives up; the file is then incomplete.</param>
    public async Task WriteOciArchiveAsync(string path, string reference, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        await using var archive = new TarWriter(file, TarEntryFormat.Ustar);
        await WriteTextAsync(archive, "oci-layout", """{"imageLayoutVersion":"1.0.0"}""", cancellationToken);
        var annotations = new JsonObject { ["io.containerd.image.name"] = reference };
        var index = OciJson.Index([OciJson.Descriptor(Root, ("annotations", annotations))]);
        await WriteTextAsync(archive, "index.json", index.ToJsonString(), cancellationToken);
        foreach (var blob in AllBlobs())
        {
            await archive.WriteEntryAsync(PathOf(blob), $"blobs/sha256/{blob.Hex}", cancellationToken);
        }
    }

    private static async Task WriteTextAsync(TarWriter archive, string name, string text, CancellationToken cancellationToken)
    {
        using var contents = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        await archive.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = contents }, cancellationToken);
    }
}
