using Peili.LocalCluster;

namespace Peili.Docs.Tests.Support;

/// <summary>What the code says, to hold names against.</summary>
internal static class Sources
{
    private static readonly string[] s_folders = ["config", "crds", "operator", "node-agent", "libraries", "tests", "scripts"];
    private static readonly string[] s_endings = [".cs", ".yaml", ".proto", ".js", ".service"];

    private static readonly Lazy<IReadOnlyList<string>> s_files = new(() => [.. s_folders
        .SelectMany(folder => Directory.EnumerateFiles(Checkout.PathOf(folder), "*", SearchOption.AllDirectories))
        .Where(file => !file.StartsWith(Checkout.PathOf("tests", "Peili.Docs.Tests"), StringComparison.Ordinal))]);

    private static readonly Lazy<string> s_text = new(() => string.Join('\n', s_files.Value.Where(file => s_endings.Contains(Path.GetExtension(file))).Select(File.ReadAllText)));

    /// <summary>Whether the code has this text anywhere.</summary>
    public static bool Say(string text) => s_text.Value.Contains(text, StringComparison.Ordinal);

    /// <summary>Whether there is a file whose path ends like this.</summary>
    public static bool HaveFile(string path) => s_files.Value.Any(file => file.EndsWith($"/{path}", StringComparison.Ordinal));
}
