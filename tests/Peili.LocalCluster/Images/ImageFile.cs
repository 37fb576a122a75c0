namespace Peili.LocalCluster.Images;

/// <summary>A file of this machine that goes into an image, where everybody may read and execute it.</summary>
/// <param name="Path">Where it is in the image, such as bin/busybox.</param>
/// <param name="Source">Where it is on this machine.</param>
public sealed record ImageFile(string Path, string Source);
