using System.Runtime.InteropServices;

namespace Peili.LocalCluster.Images;

/// <summary>An image to be made on the spot. Equal recipes make equal images; another seed makes another image in every blob.</summary>
public sealed record ImageRecipe
{
    /// <summary>Decides every byte of every layer.</summary>
    public required int Seed { get; init; }

    /// <summary>The layers, lowest first.</summary>
    public IReadOnlyList<LayerRecipe> Layers { get; init; } = [new LayerRecipe(64 * 1024) { Gzip = true }, new LayerRecipe(2 * 1024 * 1024)];

    /// <summary>Files of this machine, which make one more layer below the others.</summary>
    public IReadOnlyList<ImageFile> Files { get; init; } = [];

    /// <summary>What a container of the image runs.</summary>
    public IReadOnlyList<string> Command { get; init; } = ["/bin/true"];

    /// <summary>The platforms, each with layers of its own; more than one make a multi-arch index.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [OwnPlatform];

    /// <summary>The platform of this machine, which containerd picks out of an index.</summary>
    public static string OwnPlatform { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux/arm64" : "linux/amd64";

    /// <summary>An image with one layer of random bytes that is not compressed.</summary>
    public static ImageRecipe OneLayer(int seed, long size) => new() { Seed = seed, Layers = [new LayerRecipe(size)] };

    /// <summary>The image for this machine's platform and one other.</summary>
    public ImageRecipe WithIndex() =>
        this with { Platforms = [OwnPlatform == "linux/amd64" ? "linux/arm64" : "linux/amd64", OwnPlatform] };
}
