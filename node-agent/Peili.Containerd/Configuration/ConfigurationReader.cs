using Peili.Toml;

namespace Peili.Containerd.Configuration;

/// <summary>Reads containerd's configuration as a release of it would, without running anything.</summary>
public static class ConfigurationReader
{
    /// <summary>What containerd 2.2 and newer take for an unset <c>config_path</c>.</summary>
    public const string DefaultConfigPath = "/etc/containerd/certs.d:/etc/docker/certs.d";

    private static readonly ReleaseNumber s_firstWithDefault = new(2, 2, 0);
    private static readonly ReleaseNumber s_firstWithLateDefault = new(2, 2, 2);

    /// <summary>Reads the root file and what it imports.</summary>
    /// <param name="host">The host.</param>
    /// <param name="path">The root file; it may be absent.</param>
    /// <param name="release">The release whose rules count.</param>
    /// <exception cref="ConfigurationException">A file cannot be read or is not TOML; the message names file, line and column.</exception>
    public static EffectiveConfiguration Read(HostRoot host, string path, ReleaseNumber release)
    {
        var files = ConfigurationFiles.Load(host, path, release);
        var plugins = MergedPlugins.Merge(files, release);
        var isOld = release.Major < 2;
        var isVersion1 = isOld && plugins.Version == 1;
        var images = isOld
            ? ImageSettings.FromCri(plugins[isVersion1 ? PluginNames.CriVersion1 : PluginNames.Cri])
            : ImageSettings.FromImages(plugins[PluginNames.CriImages]);
        images = WithDefaultConfigPath(images, release);
        var metadata = plugins[isVersion1 ? PluginNames.MetadataVersion1 : PluginNames.Metadata];
        return new EffectiveConfiguration
        {
            Release = release,
            Files = files,
            Version = plugins.Version,
            Images = images,
            IgnoredConfigPaths = [.. files.SelectMany(ConfigPathsIn).Where(found => found.Source != images.ConfigPath.Source)],
            DisabledPlugins = [.. files.SelectMany(file => file.Strings("disabled_plugins"))],
            SharingPolicy = metadata?.Text("content_sharing_policy") is { Value: { Length: > 0 } policy, Source: var source } ? new(policy, source) : new("shared", null),
            Refusal = Refusals.OfDaemon(files, plugins.Version, release),
            CriRefusal = Refusals.OfCri(images, release),
        };
    }

    /// <summary>Up to 2.2.1 the default stands even beside deprecated tables, with which it does not go together.</summary>
    private static ImageSettings WithDefaultConfigPath(ImageSettings images, ReleaseNumber release)
    {
        var isUnset = release >= s_firstWithLateDefault
            ? images.ConfigPath.Value.Length == 0 && images.Mirrors.Count == 0
            : release >= s_firstWithDefault && images.ConfigPath.Source is null;
        return isUnset ? images with { ConfigPath = new(DefaultConfigPath, null) } : images;
    }

    private static IEnumerable<Setting<string>> ConfigPathsIn(ConfigurationFile file) =>
        ((string[])[PluginNames.CriVersion1, PluginNames.Cri, PluginNames.CriImages])
            .Select(plugin => file.Document.Find("plugins", plugin, "registry", "config_path"))
            .OfType<TomlScalar>().Where(value => value.Value is string { Length: > 0 })
            .Select(value => new Setting<string>(value.AsString(), new SettingSource(file.Path, value.Position.Line)));
}
