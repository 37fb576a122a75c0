namespace Peili.Containerd.Configuration;

/// <summary>
/// The plugins' tables of all files as one, by the rules of the release at hand (containerd's cmd/containerd/server/config, and the
/// ConfigMigration of plugins/cri/images). Other top-level keys do not matter here.
/// </summary>
internal sealed class MergedPlugins
{
    private readonly Dictionary<string, SettingTable> _tables = new(StringComparer.Ordinal);

    private MergedPlugins()
    {
    }

    /// <summary>The configuration version that the whole is taken for.</summary>
    public int Version { get; private set; }

    public SettingTable? this[string plugin] => _tables.GetValueOrDefault(plugin);

    public static MergedPlugins Merge(IEnumerable<ConfigurationFile> files, ReleaseNumber release) =>
        release.Major < 2 ? Replace(files)
        : release < new ReleaseNumber(2, 3, 0) ? MergeThenMigrate(files, release)
        : MigrateThenMerge(files, release);

    /// <summary>containerd 1.x: of each plugin the last file's table, whole; the version of the last file that has one.</summary>
    private static MergedPlugins Replace(IEnumerable<ConfigurationFile> files)
    {
        var merged = new MergedPlugins { Version = 1 };
        foreach (var file in files)
        {
            merged.Version = file.Version > 0 ? file.Version : merged.Version;
            foreach (var (name, table) in file.Plugins)
            {
                merged._tables[name] = new SettingTable(table);
            }
        }

        return merged;
    }

    /// <summary>
    /// containerd 2.0 to 2.2: tables are merged as they are, and what comes out is migrated from the version of the last file that has
    /// one. Files of version 1 get version 2's names, but are taken for the newest version.
    /// </summary>
    private static MergedPlugins MergeThenMigrate(IEnumerable<ConfigurationFile> files, ReleaseNumber release)
    {
        var merged = new MergedPlugins { Version = release.MaxConfigVersion };
        foreach (var file in files)
        {
            merged.Version = file.Version > 1 ? file.Version : merged.Version;
            merged.Add(file);
        }

        if (merged.Version < release.MaxConfigVersion)
        {
            merged.MigrateImages();
        }

        return merged;
    }

    /// <summary>From containerd 2.3 on: each file is migrated alone.</summary>
    private static MergedPlugins MigrateThenMerge(IEnumerable<ConfigurationFile> files, ReleaseNumber release)
    {
        var merged = new MergedPlugins { Version = release.MaxConfigVersion };
        foreach (var file in files)
        {
            merged.Version = Math.Max(merged.Version, file.Version);
            var single = new MergedPlugins();
            single.Add(file);
            if (file.Version < release.MaxConfigVersion)
            {
                single.MigrateImages();
            }

            foreach (var (name, table) in single._tables)
            {
                merged.TableOf(name).Merge(table);
            }
        }

        return merged;
    }

    private void Add(ConfigurationFile file)
    {
        foreach (var (name, table) in file.Plugins)
        {
            TableOf(file.Version <= 1 ? PluginNames.OfVersion2(name) : name).Merge(table);
        }
    }

    private SettingTable TableOf(string plugin) =>
        _tables.TryGetValue(plugin, out var table) ? table : _tables[plugin] = new SettingTable();

    /// <summary>
    /// Moves version 2's settings of images where version 3 has them. containerd leaves those under <c>containerd</c> behind when there
    /// are no runtimes beside them.
    /// </summary>
    private void MigrateImages()
    {
        if (this[PluginNames.Cri] is not { } cri)
        {
            return;
        }

        var images = TableOf(PluginNames.CriImages);
        foreach (var key in (string[])["registry", "max_concurrent_downloads", "image_pull_with_sync_fs"])
        {
            images.Take(key, cri);
        }

        if (cri.Table("containerd") is { } containerd && containerd.Table("runtimes") is not null)
        {
            foreach (var key in (string[])["snapshotter", "disable_snapshot_annotations", "discard_unpacked_layers"])
            {
                images.Take(key, containerd);
            }
        }
    }
}
