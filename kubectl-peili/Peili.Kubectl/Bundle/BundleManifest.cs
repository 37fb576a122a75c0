namespace Peili.Kubectl.Bundle;

/// <summary>What is in a bundle and what is not.</summary>
/// <param name="Created">When it was made.</param>
/// <param name="Plugin">The version of what made it.</param>
/// <param name="Kubernetes">The API server's version.</param>
/// <param name="Namespace">The installation's namespace.</param>
/// <param name="Agents">How many agents of each version there are.</param>
/// <param name="Left">What is left out on purpose.</param>
/// <param name="Files">What is in it.</param>
/// <param name="Missing">What could not be had.</param>
internal sealed record BundleManifest(
    DateTimeOffset Created,
    string Plugin,
    string Kubernetes,
    string Namespace,
    IReadOnlyDictionary<string, int> Agents,
    string Left,
    IReadOnlyList<BundleFile> Files,
    IReadOnlyList<MissingFile> Missing);
