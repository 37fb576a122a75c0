namespace Peili.Kubectl.Bundle;

/// <summary>A file of a bundle.</summary>
/// <param name="Path">Within it.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record BundleFile(string Path, long Bytes);
