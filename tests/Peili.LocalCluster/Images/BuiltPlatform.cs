namespace Peili.LocalCluster.Images;

/// <summary>What an image is on one platform.</summary>
/// <param name="Platform">os/architecture.</param>
/// <param name="Manifest">The image manifest.</param>
/// <param name="Config">The image configuration.</param>
/// <param name="Layers">The layers, lowest first.</param>
public sealed record BuiltPlatform(
    string Platform, BlobDescriptor Manifest, BlobDescriptor Config, IReadOnlyList<BlobDescriptor> Layers);
