using Peili.Toml;

namespace Peili.Containerd.Configuration;

/// <summary>One file of containerd's configuration.</summary>
/// <param name="Path">The host's path.</param>
/// <param name="Document">What it says.</param>
public sealed record ConfigurationFile(string Path, TomlDocument Document)
{
    /// <summary>What its key <c>version</c> says; 0 without one.</summary>
    /// <exception cref="ConfigurationException">It is no number.</exception>
    public int Version => Document.Find("version") switch
    {
        null => 0,
        TomlScalar { Value: long version and >= 0 and <= int.MaxValue } => (int)version,
        var other => throw new ConfigurationException($"{Path}:{other.Position.Line}: version must be a number, not {other}"),
    };

    /// <summary>Where the version is written; the first line without one.</summary>
    public SettingSource VersionSource => new(Path, Document.Find("version")?.Position.Line ?? 1);

    /// <summary>The tables of its plugins, by name.</summary>
    internal IEnumerable<KeyValuePair<string, TomlTable>> Plugins =>
        (Document.Find("plugins") as TomlTable ?? new TomlTable())
            .Where(plugin => plugin.Value is TomlTable)
            .Select(plugin => KeyValuePair.Create(plugin.Key, (TomlTable)plugin.Value));

    /// <summary>The strings of a top-level list.</summary>
    internal IEnumerable<Setting<string>> Strings(string key) =>
        (Document.Find(key) as TomlArray ?? [])
            .OfType<TomlScalar>().Where(item => item.Value is string)
            .Select(item => new Setting<string>(item.AsString(), new SettingSource(Path, item.Position.Line)));
}
