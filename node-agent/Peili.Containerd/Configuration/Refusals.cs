using System.Globalization;

namespace Peili.Containerd.Configuration;

/// <summary>What a release refuses.</summary>
internal static class Refusals
{
    private static readonly ReleaseNumber s_firstToRefuse = new(1, 7, 0);
    private static readonly ReleaseNumber s_firstToCompareVersions = new(2, 3, 0);

    /// <summary>Why the daemon would not start; null when it would.</summary>
    /// <param name="files">Its configuration, in the order in which it is read.</param>
    /// <param name="version">What the whole is taken for.</param>
    /// <param name="release">The daemon.</param>
    public static Setting<string>? OfDaemon(IReadOnlyList<ConfigurationFile> files, int version, ReleaseNumber release)
    {
        if (release >= s_firstToRefuse && version > release.MaxConfigVersion)
        {
            return Refuse(files.Last(file => file.Version == version), $"version {version} is newer than containerd {release} reads; the highest is {release.MaxConfigVersion}");
        }

        var root = files.Select(file => file.Version).FirstOrDefault(found => found > 0);
        if (release >= s_firstToCompareVersions && files.FirstOrDefault(file => file.Version > root) is { } higher)
        {
            return Refuse(higher, $"containerd {release} does not start when an imported file's version ({higher.Version}) is higher than the root file's ({root})");
        }

        return version < 2 ? null : files.Select(file => ShortName(file, release)).FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>Why the CRI plugin would not load; null when it would.</summary>
    public static Setting<string>? OfCri(ImageSettings images, ReleaseNumber release) =>
        images.ConfigPath.Value.Length == 0 ? null
        : images.Mirrors is [var mirror, ..] ? new("config_path together with registry.mirrors keeps the CRI plugin from loading", mirror.Source)
        : release.Major < 2 && images.ConfigsWithTls is [var config, ..] ? new(
            $"config_path together with registry.configs.\"{config.Value}\".tls keeps the CRI plugin from loading", config.Source)
        : null;

    /// <summary>From version 2 on plugins have long names; containerd 1.x insists on it for every table, 2.x for its lists.</summary>
    private static Setting<string>? ShortName(ConfigurationFile file, ReleaseNumber release)
    {
        var isOld = release.Major < 2;
        foreach (var name in file.Strings("disabled_plugins").Concat(file.Strings("required_plugins")))
        {
            if (isOld ? name.Value.Count('.') < 3 : !name.Value.Contains('.') && file.Version > 1)
            {
                return new($"\"{name.Value}\" is no plugin's name in version 2 and newer (such as {PluginNames.Cri}), and containerd does not start", name.Source);
            }
        }

        var table = isOld ? file.Plugins.FirstOrDefault(plugin => plugin.Key.Count('.') < 3) : default;
        return table.Key is null ? null : new(
            string.Create(CultureInfo.InvariantCulture, $"plugins.{table.Key} is version 1's name, but the whole is taken for version 2, and containerd does not start"),
            new SettingSource(file.Path, table.Value.Position.Line));
    }

    private static Setting<string> Refuse(ConfigurationFile file, string reason) => new(reason, file.VersionSource);
}
