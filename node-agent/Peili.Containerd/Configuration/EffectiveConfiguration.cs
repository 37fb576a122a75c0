namespace Peili.Containerd.Configuration;

/// <summary>What a release of containerd makes of its configuration files.</summary>
public sealed record EffectiveConfiguration
{
    /// <summary>The release whose rules were applied.</summary>
    public required ReleaseNumber Release { get; init; }

    /// <summary>The files, the root file first; none when it is not there, and containerd goes by its defaults.</summary>
    public required IReadOnlyList<ConfigurationFile> Files { get; init; }

    /// <summary>The configuration version that the whole is taken for.</summary>
    public required int Version { get; init; }

    /// <summary>The version whose names of plugins count in the root file.</summary>
    public int RootVersion => Files is [{ Version: > 0 and var version }, ..] ? version : Version;

    /// <summary>What is done with images.</summary>
    public required ImageSettings Images { get; init; }

    /// <summary>Every value of <c>config_path</c> that stands in a file and does not count.</summary>
    public required IReadOnlyList<Setting<string>> IgnoredConfigPaths { get; init; }

    /// <summary>The plugins that are switched off.</summary>
    public required IReadOnlyList<Setting<string>> DisabledPlugins { get; init; }

    /// <summary>Whether namespaces see each other's blobs: <c>shared</c> or <c>isolated</c>.</summary>
    public required Setting<string> SharingPolicy { get; init; }

    /// <summary>Why this release would not start with these files; null when it would.</summary>
    public required Setting<string>? Refusal { get; init; }

    /// <summary>Why its CRI plugin would not load; null when it would.</summary>
    public required Setting<string>? CriRefusal { get; init; }

    /// <summary>Where the CRI plugin is switched off; null when it is not.</summary>
    public Setting<string>? CriDisabled => DisabledPlugins
        .Where(plugin => plugin.Value is PluginNames.CriVersion1 or PluginNames.Cri or PluginNames.CriImages)
        .Select(plugin => (Setting<string>?)plugin).FirstOrDefault();
}
