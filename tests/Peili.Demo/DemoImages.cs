using System.Globalization;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Kubernetes;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>The images that are pulled.</summary>
internal static class DemoImages
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Five layers, as a web application may have; nothing in it runs.</summary>
    public static ImageRecipe Shop { get; } = new()
    {
        Seed = 20,
        Layers =
        [
            new LayerRecipe(56 * Mebibyte),
            new LayerRecipe(32 * Mebibyte),
            new LayerRecipe(20 * Mebibyte),
            new LayerRecipe(8 * Mebibyte) { Gzip = true },
            new LayerRecipe(Mebibyte / 2) { Gzip = true },
        ],
    };

    /// <summary>A small one that shares no blob with the other.</summary>
    public static ImageRecipe Till { get; } = ImageRecipe.OneLayer(seed: 21, 8 * Mebibyte);

    /// <summary>The same with a program, in a folder of its own: nodes that have busybox from another image have no layer of this one.</summary>
    public static ImageRecipe RunnableShop => Shop with
    {
        Files = [new ImageFile("shop/busybox", KubernetesCluster.Busybox)],
        Command = ["/shop/busybox", "sleep", "infinity"],
    };

    /// <summary>Says what an image consists of.</summary>
    public static void Describe(PushedImage image, Screen screen) =>
        screen.Step(string.Create(
            CultureInfo.InvariantCulture,
            $"{image.Repository}:{image.Tag} has {image.Image.Layers.Count} layers, {image.Image.Blobs.Sum(blob => blob.Size) / 1e6:0.0} MB; its digest is\n{image.Image.Root.Digest}"));
}
