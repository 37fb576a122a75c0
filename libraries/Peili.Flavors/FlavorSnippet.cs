namespace Peili.Flavors;

/// <summary>What to paste.</summary>
/// <param name="Config">The lowest version of containerd's configuration that it is for; 0 for every one.</param>
/// <param name="Text">The text.</param>
public sealed record FlavorSnippet(int Config, string Text)
{
    /// <summary>The text for a version: that of the highest version up to it, or else the first; null when there is none.</summary>
    internal static string? For(IReadOnlyList<FlavorSnippet> snippets, int config) =>
        (snippets.LastOrDefault(snippet => snippet.Config <= config) ?? (snippets is [var first, ..] ? first : null))?.Text;
}
