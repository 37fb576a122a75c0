using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Peili.LocalCluster.Images;

namespace Peili.LocalCluster.Tests;

public sealed class ImageTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("peili-images-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Equal_recipes_make_equal_images_and_another_seed_another_image()
    {
        var recipe = new ImageRecipe { Seed = 3 }.WithIndex();

        var first = await BuildAsync(recipe);
        var second = await BuildAsync(recipe);
        var other = await BuildAsync(recipe with { Seed = 4 });

        second.AllBlobs().ShouldBe(first.AllBlobs());
        other.AllBlobs().ShouldNotContain(blob => first.AllBlobs().Contains(blob));
    }

    [Fact]
    public async Task Every_blob_has_the_digest_and_the_size_it_is_named_by()
    {
        var image = await BuildAsync(new ImageRecipe { Seed = 3 }.WithIndex());

        foreach (var blob in image.AllBlobs())
        {
            var bytes = await File.ReadAllBytesAsync(image.PathOf(blob), TestContext.Current.CancellationToken);
            Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(blob.Hex);
            bytes.LongLength.ShouldBe(blob.Size);
        }
    }

    [Fact]
    public async Task Layers_are_as_large_as_asked_for_and_compress_as_asked_for()
    {
        LayerRecipe[] layers =
        [
            new(1_000_000), new(1_000_000) { Gzip = true }, new(1_000_000) { Compressible = true, Gzip = true },
        ];

        var image = await BuildAsync(new ImageRecipe { Seed = 3, Layers = layers });

        image.Layers[0].Size.ShouldBeInRange(1_000_000, 1_010_000);
        image.Layers[1].Size.ShouldBeInRange(990_000, 1_100_000);
        image.Layers[2].Size.ShouldBeLessThan(100_000);
        await using var compressed = File.OpenRead(image.PathOf(image.Layers[2]));
        await using var archive = new TarReader(new GZipStream(compressed, CompressionMode.Decompress));
        var entry = await archive.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken);
        entry.ShouldNotBeNull().Length.ShouldBe(1_000_000);
    }

    private Task<BuiltImage> BuildAsync(ImageRecipe recipe) =>
        ImageBuilder.BuildAsync(recipe, Path.Combine(_directory, Path.GetRandomFileName()), TestContext.Current.CancellationToken);
}
