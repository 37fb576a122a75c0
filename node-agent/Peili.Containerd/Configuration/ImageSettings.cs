namespace Peili.Containerd.Configuration;

/// <summary>What containerd's CRI plugin does with images and registries.</summary>
public sealed record ImageSettings
{
    /// <summary>The folders with hosts.toml files, colons between them; empty when none is read.</summary>
    public required Setting<string> ConfigPath { get; init; }

    /// <summary>Whether layers may go once they are unpacked.</summary>
    public required Setting<bool> DiscardUnpackedLayers { get; init; }

    /// <summary>Whether the CRI plugin is told to pull by itself instead of through the transfer service.</summary>
    public required Setting<bool> UseLocalImagePull { get; init; }

    /// <summary>Whether snapshotters are not told which image a layer belongs to.</summary>
    public required Setting<bool> DisableSnapshotAnnotations { get; init; }

    /// <summary>How many layers of an image are fetched at once.</summary>
    public required Setting<long> MaxConcurrentDownloads { get; init; }

    /// <summary>Whether the file system is synced after a pull.</summary>
    public required Setting<bool> ImagePullWithSyncFs { get; init; }

    /// <summary>Who unpacks layers.</summary>
    public required Setting<string> Snapshotter { get; init; }

    /// <summary>The registries with a deprecated <c>registry.mirrors</c> table.</summary>
    public required IReadOnlyList<Setting<string>> Mirrors { get; init; }

    /// <summary>The registries with a deprecated <c>registry.configs</c> table.</summary>
    public required IReadOnlyList<Setting<string>> Configs { get; init; }

    /// <summary>The registries among them whose table has TLS settings.</summary>
    public required IReadOnlyList<Setting<string>> ConfigsWithTls { get; init; }

    /// <summary>The registries with a deprecated <c>registry.auths</c> table.</summary>
    public required IReadOnlyList<Setting<string>> Auths { get; init; }

    /// <summary>The folders of <see cref="ConfigPath"/>.</summary>
    public IReadOnlyList<string> HostsDirectories => ConfigPath.Value.Split(':', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a release pulls images through its transfer service with these settings.</summary>
    public bool PullsByTransfer(ReleaseNumber release) =>
        release.PullsByTransfer && !UseLocalImagePull.Value && !DiscardUnpackedLayers.Value && DisableSnapshotAnnotations.Value
        && MaxConcurrentDownloads.Value == DefaultConcurrentDownloads && !ImagePullWithSyncFs.Value
        && Mirrors.Count == 0 && Configs.Count == 0 && Auths.Count == 0;

    /// <summary>Whether there is a colon in <see cref="ConfigPath"/>.</summary>
    public bool IsList => ConfigPath.Value.Contains(':');

    /// <summary>Whether hosts.toml files are read at all: the transfer service takes a list of folders for one folder's name.</summary>
    public bool ReadsHosts(ReleaseNumber release) => HostsDirectories.Count > 0 && !(IsList && PullsByTransfer(release));

    private const long DefaultConcurrentDownloads = 3;

    /// <summary>Reads the CRI plugin's table of version 1 and 2.</summary>
    internal static ImageSettings FromCri(SettingTable? cri) => From(cri, cri?.Table("containerd"));

    /// <summary>Reads the images plugin's table of version 3 and newer.</summary>
    internal static ImageSettings FromImages(SettingTable? images) => From(images, images);

    private static ImageSettings From(SettingTable? top, SettingTable? storage)
    {
        top ??= new SettingTable();
        storage ??= new SettingTable();
        var registry = top.Table("registry") ?? new SettingTable();
        return new ImageSettings
        {
            ConfigPath = registry.Text("config_path") is { Value: { } path, Source: var source } ? new(path, source) : new(string.Empty, null),
            DiscardUnpackedLayers = storage.Flag("discard_unpacked_layers", otherwise: false),
            UseLocalImagePull = top.Flag("use_local_image_pull", otherwise: false),
            DisableSnapshotAnnotations = storage.Flag("disable_snapshot_annotations", otherwise: true),
            MaxConcurrentDownloads = top.Number("max_concurrent_downloads", DefaultConcurrentDownloads),
            ImagePullWithSyncFs = top.Flag("image_pull_with_sync_fs", otherwise: false),
            Snapshotter = storage.Text("snapshotter") is { Value: { Length: > 0 } snapshotter, Source: var at } ? new(snapshotter, at) : new("overlayfs", null),
            Mirrors = registry.Names("mirrors"),
            Configs = registry.Names("configs"),
            ConfigsWithTls = [.. registry.Names("configs").Where(config => registry.Table("configs")?.Table(config.Value)?.Table("tls") is not null)],
            Auths = registry.Names("auths"),
        };
    }
}
