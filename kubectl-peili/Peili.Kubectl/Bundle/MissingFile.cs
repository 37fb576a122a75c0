namespace Peili.Kubectl.Bundle;

/// <summary>What should be in a bundle and could not be had.</summary>
/// <param name="Path">Where it would be.</param>
/// <param name="Why">Why it is not there.</param>
internal sealed record MissingFile(string Path, string Why);
