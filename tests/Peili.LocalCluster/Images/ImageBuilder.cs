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
        foreach (var layer in recipe.Layers)
        {
            var (blob, uncompressed) = await BuildLayerAsync(layer, SeedOf(recipe.Seed, platform, layers.Count), cancellationToken);
            layers.Add(blob);
            uncompressedDigests.Add(uncompressed);
        }

        var config = await WriteJsonAsync(OciJson.ConfigType, OciJson.Config(platform, uncompressedDigests), cancellationToken);
        var manifest = await WriteJsonAsync(OciJson.ManifestType, OciJson.Manifest(config, layers), cancellationToken);
        return new BuiltPlatform(platform, manifest, config, layers);
    }

    private async Task<(BlobDescriptor Blob, string UncompressedDigest)> BuildLayerAsync(
        LayerRecipe layer, ulong seed, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_directory, Path.GetRandomFileName());
        BlobDescriptor descriptor;
        string uncompressedDigest;
        await using (var file = File.Create(temporary))
        await using (var blob = new HashingStream(file))
        {
            uncompressedDigest = layer.Gzip
                ? await WriteCompressedTarAsync(blob, layer, seed, cancellationToken)
                : await WriteTarAsync(blob, layer, seed, cancellationToken);
            descriptor = new BlobDescriptor(layer.Gzip ? $"{OciJson.LayerType}+gzip" : OciJson.LayerType, blob.Digest(), blob.Length);
        }

        File.Move(temporary, Path.Combine(_blobs, descriptor.Hex), overwrite: true);
        return (descriptor, uncompressedDigest);
    }

    private static async Task<string> WriteCompressedTarAsync(
        HashingStream blob, LayerRecipe layer, ulong seed, CancellationToken cancellationToken)
    {
        await using var compressed = new GZipStream(blob, CompressionLevel.Fastest, leaveOpen: true);
        await using var uncompressed = new HashingStream(compressed);
        return await WriteTarAsync(uncompressed, layer, seed, cancellationToken);
    }

    /// <summary>Writes the layer's archive and returns its digest.</summary>
    private static async Task<string> WriteTarAsync(
        HashingStream output, LayerRecipe layer, ulong seed, CancellationToken cancellationToken)
    {
        await using (var archive = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await archive.WriteEntryAsync(TarEntryOf(layer, seed), cancellationToken);
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
