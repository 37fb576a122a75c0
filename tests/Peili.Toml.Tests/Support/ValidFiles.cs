namespace Peili.Toml.Tests.Support;

/// <summary>The valid documents of toml-test.</summary>
internal static class ValidFiles
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Data", "toml-test", "valid");

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(s_folder, "*.toml", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(s_folder, path), null))
            .Order(StringComparer.Ordinal),
    ];

    public static byte[] Toml(string name) => File.ReadAllBytes(Path.Combine(s_folder, name + ".toml"));

    public static byte[] Json(string name) => File.ReadAllBytes(Path.Combine(s_folder, name + ".json"));
}
