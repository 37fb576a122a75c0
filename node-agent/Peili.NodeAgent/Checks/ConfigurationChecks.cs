using Peili.Containerd.Configuration;
using Peili.Containerd.Cri;
using Peili.Flavors;

namespace Peili.NodeAgent.Checks;

/// <summary>What containerd's settings say.</summary>
internal static class ConfigurationChecks
{
    private static readonly string[] LazySnapshotters = ["soci", "gcfs", "overlaybd", "stargz", "nydus", "cvmfs-snapshotter"];

    public static IEnumerable<NodeFinding> Find(EffectiveConfiguration configuration, RunningSettings? running)
    {
        if (configuration.Refusal is { } refusal)
        {
            var isMixed = configuration.Files.Select(file => file.Version).Distinct().Count() > 1;
            yield return Error(isMixed ? Finding.VersionMixing : Finding.ConfigurationInvalid, $"containerd would not start again: {refusal.Value}", refusal.Source);
        }

        if (configuration.CriDisabled is { } disabled)
        {
            yield return Error(Finding.CriDisabled, $"disabled_plugins lists {disabled.Value}, and so kubelet cannot use this containerd", disabled.Source);
        }

        var images = Merge(configuration.Images, running);
        foreach (var finding in ConfigPath(configuration, images).Concat(Deprecated(configuration, images)))
        {
            yield return finding;
        }

        if (images.DiscardUnpackedLayers.Value)
        {
            yield return new NodeFinding(
                Finding.LayersDiscarded, FindingSeverity.Warning, "discard_unpacked_layers is on: this node reads from others but has no layers to give them",
                Evidence(images.DiscardUnpackedLayers.Source));
        }

        if (LazySnapshotters.Contains(images.Snapshotter.Value))
        {
            yield return new NodeFinding(
                Finding.LazySnapshotter, FindingSeverity.Warning, $"the snapshotter {images.Snapshotter.Value} keeps layers out of the content store, where agents read them",
                Evidence(images.Snapshotter.Source));
        }

        if (configuration.SharingPolicy is { Value: "isolated", Source: var policy })
        {
            yield return new NodeFinding(
                Finding.ContentIsolated, FindingSeverity.Information, "content_sharing_policy is isolated: only what Kubernetes' own namespace has fetched is served", Evidence(policy));
        }
    }

    /// <summary>What runs wins over what the files say now.</summary>
    private static ImageSettings Merge(ImageSettings files, RunningSettings? running) => running is null ? files : files with
    {
        ConfigPath = running.ConfigPath == files.ConfigPath.Value ? files.ConfigPath : new(running.ConfigPath, null),
        DiscardUnpackedLayers = running.DiscardUnpackedLayers == files.DiscardUnpackedLayers.Value ? files.DiscardUnpackedLayers : new(running.DiscardUnpackedLayers, null),
    };

    private static IEnumerable<NodeFinding> ConfigPath(EffectiveConfiguration configuration, ImageSettings images)
    {
        if (images.HostsDirectories.Count == 0)
        {
            yield return configuration.IgnoredConfigPaths is [var ignored, ..]
                ? Error(Finding.VersionMixing, $"config_path is set, but does not count: {WhyIgnored(configuration)}", ignored.Source)
                : new NodeFinding(
                    Finding.ConfigPathUnset, FindingSeverity.Error, "config_path is not set, and so no hosts.toml is read",
                    Evidence(images.ConfigPath.Source) ?? Root(configuration));
        }
        else if (images.IsList && configuration.Release.PullsByTransfer)
        {
            var isIgnored = !images.ReadsHosts(configuration.Release);
            var what = $"config_path is {(images.ConfigPath.Source is null ? "by default " : string.Empty)}the list \"{images.ConfigPath.Value}\"";
            yield return new NodeFinding(
                Finding.ConfigPathList,
                isIgnored ? FindingSeverity.Error : FindingSeverity.Warning,
                isIgnored
                    ? $"{what}, which containerd {configuration.Release} takes for one folder's name when it pulls through its transfer service: no hosts.toml is read"
                    : $"{what}, which works only as long as another setting keeps containerd {configuration.Release} from pulling through its transfer service",
                Evidence(images.ConfigPath.Source) ?? Root(configuration));
        }
    }

    private static string? Root(EffectiveConfiguration configuration) => configuration.Files is [var root, ..] ? root.Path : null;

    private static string WhyIgnored(EffectiveConfiguration configuration) => configuration.Release.Major < 2
        ? $"containerd {configuration.Release} takes a plugin's table whole from the last file that has one, and the name of the plugin from version {configuration.Version}"
        : $"containerd {configuration.Release} takes the whole configuration for version {configuration.Version}, which has another name for this plugin";

    private static IEnumerable<NodeFinding> Deprecated(EffectiveConfiguration configuration, ImageSettings images)
    {
        if (images.Mirrors is [var mirror, ..])
        {
            yield return Error(
                Finding.LegacyMirrors,
                images.HostsDirectories.Count == 0
                    ? $"registry.mirrors is set (for {mirror.Value}{(images.Mirrors.Count > 1 ? " and others" : string.Empty)}) in place of config_path"
                    : "registry.mirrors is set beside config_path, which keeps the CRI plugin from loading",
                mirror.Source);
        }
        else if (configuration.CriRefusal is { } refusal)
        {
            yield return Error(Finding.LegacyTls, refusal.Value, refusal.Source);
        }
    }

    private static NodeFinding Error(Finding reason, string message, SettingSource? source) =>
        new(reason, FindingSeverity.Error, message, Evidence(source));

    private static string? Evidence(SettingSource? source) => source?.ToString();
}
