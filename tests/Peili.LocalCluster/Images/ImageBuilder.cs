using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Peili.LocalCluster.Images;

/// <summary>Makes an image from its recipe. Layers of any size pass through, none is held in memory.</summary>
internal sealed class ImageBuilder
{
    private readonly string _directory;
    private readonly string _blobs;

    private ImageBuilder(string directory)
    {
        _directory = directory;
        _blobs = Path.Combine(directory, "blobs", "sha256");
        Directory.CreateDirectory(_blobs);
    }

    internal static async Task<BuiltImage> BuildAsync(ImageRecipe recipe, string directory, CancellationToken cancellationToken)
    {
        var builder = new ImageBuilder(directory);
        var platforms = new List<BuiltPlatform>();
        foreach (var platform in recipe.Platforms)
        {
            platforms.Add(await builder.BuildPlatformAsync(recipe, platform, cancellationToken));
        }

        var root = platforms is [var only]
            ? only.Manifest
            : await builder.WriteJsonAsync(
                OciJson.IndexType,
                OciJson.Index(platforms.Select(built => OciJson.Descriptor(built.Manifest, ("platform", OciJson.Platform(built.Platform))))),
                cancellationToken);
        return new BuiltImage(builder._directory, root, platforms);
    }

    private async Task<BuiltPlatform> BuildPlatformAsync(ImageRecipe recipe, string platform, CancellationToken cancellationToken)
    {
        var layers = new List<BlobDescriptor>();
        var uncompressedDigests = new List<string>();
        if (recipe.Files.Count > 0)
        {
            await AddAsync(gzip: false, [.. recipe.Files.Select(TarEntryOf)]);
        }

        foreach (var layer in recipe.Layers)
        {
            await AddAsync(layer.Gzip, TarEntryOf(layer, SeedOf(recipe.Seed, platform, layers.Count)));
        }

        var config = await WriteJsonAsync(OciJson.ConfigType, OciJson.Config(platform, recipe.Command, uncompressedDigests), cancellationToken);
        var manifest = await WriteJsonAsync(OciJson.ManifestType, OciJson.Manifest(config, layers), cancellationToken);
        return new BuiltPlatform(platform, manifest, config, layers);

        async Task AddAsync(bool gzip, params TarEntry[] entries)
        {
            var (blob, uncompressed) = await BuildLayerAsync(gzip, entries, cancellationToken);
            layers.Add(blob);
            uncompressedDigests.Add(uncompressed);
        }
    }

    private async Task<(BlobDescriptor Blob, string UncompressedDigest)> BuildLayerAsync(
        bool gzip, IReadOnlyList<TarEntry> entries, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_directory, Path.GetRandomFileName());
        BlobDescriptor descriptor;
        string uncompressedDigest;
        await using (var file = File.Create(temporary))
        await using (var blob = new HashingStream(file))
        {
            uncompressedDigest = gzip
                ? await WriteCompressedTarAsync(blob, entries, cancellationToken)
                : await WriteTarAsync(blob, entries, cancellationToken);
            descriptor = new BlobDescriptor(gzip ? $"{OciJson.LayerType}+gzip" : OciJson.LayerType, blob.Digest(), blob.Length);
        }

        File.Move(temporary, Path.Combine(_blobs, descriptor.Hex), overwrite: true);
        return (descriptor, uncompressedDigest);
    }

    private static async Task<string> WriteCompressedTarAsync(
        HashingStream blob, IReadOnlyList<TarEntry> entries, CancellationToken cancellationToken)
    {
        await using var compressed = new GZipStream(blob, CompressionLevel.Fastest, leaveOpen: true);
        await using var uncompressed = new HashingStream(compressed);
        return await WriteTarAsync(uncompressed, entries, cancellationToken);
    }

    /// <summary>Writes the layer's archive and returns its digest.</summary>
    private static async Task<string> WriteTarAsync(
        HashingStream output, IReadOnlyList<TarEntry> entries, CancellationToken cancellationToken)
    {
        await using (var archive = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                await archive.WriteEntryAsync(entry, cancellationToken);
                await (entry.DataStream?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }

        return output.Digest();
    }

    private static UstarTarEntry TarEntryOf(LayerRecipe layer, ulong seed) =>
        new(TarEntryType.RegularFile, $"data-{seed:x16}")
        {
            DataStream = new SeededStream(seed, layer.Size, layer.Compressible),
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        };

    private static UstarTarEntry TarEntryOf(ImageFile file) =>
        new(TarEntryType.RegularFile, file.Path)
        {
            DataStream = File.OpenRead(file.Source),
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = (UnixFileMode)Convert.ToInt32("755", 8),
        };

    private async Task<BlobDescriptor> WriteJsonAsync(string mediaType, JsonObject document, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(document.ToJsonString());
        var hex = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await File.WriteAllBytesAsync(Path.Combine(_blobs, hex), bytes, cancellationToken);
        return new BlobDescriptor(mediaType, $"sha256:{hex}", bytes.Length);
    }

    private static ulong SeedOf(int seed, string platform, int layer) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{platform}/{layer}")));
}
