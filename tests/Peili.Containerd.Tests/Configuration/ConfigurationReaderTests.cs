using Peili.Containerd.Configuration;

namespace Peili.Containerd.Tests.Configuration;

/// <summary>What the real releases at hand cannot show: 2.2, 2.3 and newer (from containerd's source), other roots, errors, places.</summary>
public sealed class ConfigurationReaderTests : IDisposable
{
    private const string Root = "/etc/containerd/config.toml";
    private const string Runtimes = "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\nruntime_type = \"io.containerd.runc.v2\"\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peili-config-");

    [Theory]
    [InlineData("1.6.20~ds1", 1, 6, 20)]
    [InlineData("v2.1.4-k3s1", 2, 1, 4)]
    [InlineData("2.3", 2, 3, 0)]
    [InlineData("2.4.0-beta.0", 2, 4, 0)]
    public void A_release_is_read_from_what_containerd_calls_its_version(string version, int major, int minor, int patch)
    {
        ReleaseNumber.TryParse(version, out var number).ShouldBeTrue();
        number.ShouldBe(new ReleaseNumber(major, minor, patch));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("2")]
    [InlineData("99999999999.1")]
    public void What_is_no_version_is_refused(string? version) => ReleaseNumber.TryParse(version, out _).ShouldBeFalse();

    [Theory]
    [InlineData("2.1.9", "", false)]
    [InlineData("2.2.0", ConfigurationReader.DefaultConfigPath, false)]
    [InlineData("2.3.4", ConfigurationReader.DefaultConfigPath, false)]
    [InlineData("1.7.24", "", false)]
    public void Without_a_file_containerd_goes_by_its_defaults(string release, string configPath, bool readsHosts)
    {
        var read = Read(release);

        read.Files.ShouldBeEmpty();
        read.Images.ConfigPath.ShouldBe(new Setting<string>(configPath, null));
        read.Images.ReadsHosts(read.Release).ShouldBe(readsHosts);
    }

    [Fact]
    public void A_list_of_folders_is_read_only_where_the_CRI_plugin_pulls_by_itself()
    {
        const string List = "version = 3\n[plugins.'io.containerd.cri.v1.images']\n{0}\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/a:/b'\n";

        bool Reads(string release, string setting)
        {
            Write(Root, List.Replace("{0}", setting, StringComparison.Ordinal));
            var read = Read(release);
            return read.Images.ReadsHosts(read.Release);
        }

        Reads("2.0.7", "").ShouldBeTrue();
        Reads("2.1.0", "").ShouldBeFalse();
        foreach (var setting in (string[])["discard_unpacked_layers = true", "use_local_image_pull = true", "disable_snapshot_annotations = false", "max_concurrent_downloads = 4", "image_pull_with_sync_fs = true"])
        {
            Reads("2.1.0", setting).ShouldBeTrue(setting);
        }
    }

    [Fact]
    public void From_2_3_on_each_file_is_migrated_alone()
    {
        Write(Root, $"version = 3\nimports = ['conf.d/*.toml']\n[plugins.'io.containerd.cri.v1.images']\ndiscard_unpacked_layers = true\n");
        Write("/etc/containerd/conf.d/a.toml", $"version = 2\n{Runtimes}[plugins.'io.containerd.grpc.v1.cri'.registry]\nconfig_path = '/a'\n");

        var read = Read("2.3.4");

        read.Images.ConfigPath.ShouldBe(new Setting<string>("/a", new SettingSource("/etc/containerd/conf.d/a.toml", 5)));
        read.Images.DiscardUnpackedLayers.ShouldBe(new Setting<bool>(true, new SettingSource(Root, 4)));
        read.Refusal.ShouldBeNull();
    }

    [Fact]
    public void From_2_3_on_no_import_may_be_of_a_higher_version()
    {
        Write(Root, "version = 2\nimports = ['/etc/containerd/conf.d/a.toml']\n");
        Write("/etc/containerd/conf.d/a.toml", "# drop-in\nversion = 3\n");

        Read("2.3.0").Refusal.ShouldNotBeNull().Source.ShouldBe(new SettingSource("/etc/containerd/conf.d/a.toml", 2));
        Read("2.2.0").Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_version_that_the_release_does_not_know_is_refused()
    {
        Write(Root, "version = 3\n");

        Read("1.7.24").Refusal.ShouldNotBeNull().Value.ShouldBe("version 3 is newer than containerd 1.7.24 reads; the highest is 2");
    }

    [Fact]
    public void A_config_path_that_does_not_count_is_named()
    {
        Write(Root, "version = 2\nimports = ['conf.d/a.toml']\n[plugins.'io.containerd.grpc.v1.cri'.registry]\nconfig_path = '/a'\n");
        Write("/etc/containerd/conf.d/a.toml", "version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nsandbox_image = 'pause'\n");

        var read = Read("1.7.24");

        read.Images.ConfigPath.Value.ShouldBeEmpty();
        read.IgnoredConfigPaths.ShouldBe([new Setting<string>("/a", new SettingSource(Root, 4))]);
    }

    [Theory]
    [InlineData("1.7.24", "config_path = '/a'\n[plugins.'io.containerd.grpc.v1.cri'.registry.mirrors.'docker.io']\nendpoint = []\n", "registry.mirrors")]
    [InlineData("1.7.24", "config_path = '/a'\n[plugins.'io.containerd.grpc.v1.cri'.registry.configs.'r.example'.tls]\nca_file = '/ca'\n", "registry.configs.\"r.example\".tls")]
    [InlineData("2.2.1", "[plugins.'io.containerd.grpc.v1.cri'.registry.mirrors.'docker.io']\nendpoint = []\n", "registry.mirrors")]
    [InlineData("2.2.2", "[plugins.'io.containerd.grpc.v1.cri'.registry.mirrors.'docker.io']\nendpoint = []\n", null)]
    [InlineData("2.0.0", "config_path = '/a'\n[plugins.'io.containerd.grpc.v1.cri'.registry.configs.'r.example'.tls]\nca_file = '/ca'\n", null)]
    public void Deprecated_tables_beside_a_config_path_keep_the_CRI_plugin_from_loading(string release, string registry, string? refused)
    {
        Write(Root, $"version = 2\n[plugins.'io.containerd.grpc.v1.cri'.registry]\n{registry}");

        (Read(release).CriRefusal?.Value).ShouldBe(refused is null ? null : $"config_path together with {refused} keeps the CRI plugin from loading");
    }

    [Theory]
    [InlineData("1.6.20", "cri", true)]
    [InlineData("2.1.9", "io.containerd.grpc.v1.cri", true)]
    [InlineData("2.1.9", "io.containerd.cri.v1.images", true)]
    [InlineData("2.1.9", "io.containerd.internal.v1.opt", false)]
    public void A_disabled_CRI_plugin_is_seen(string release, string plugin, bool disabled)
    {
        Write(Root, $"disabled_plugins = [\n  \"{plugin}\",\n]\n");

        (Read(release).CriDisabled?.Source).ShouldBe(disabled ? new SettingSource(Root, 2) : null);
    }

    [Fact]
    public void A_file_that_is_not_TOML_is_named_with_line_and_column()
    {
        Write(Root, "imports = ['/etc/containerd/broken.toml']\n");
        Write("/etc/containerd/broken.toml", "version = 2\nroot = \n");

        Should.Throw<ConfigurationException>(() => Read("1.7.24")).Message.ShouldStartWith("/etc/containerd/broken.toml:2:");
    }

    [Fact]
    public void An_import_that_is_not_there_is_named()
    {
        Write(Root, "imports = ['/etc/containerd/none.toml']\n");

        Should.Throw<ConfigurationException>(() => Read("1.7.24")).Message.ShouldStartWith("/etc/containerd/none.toml cannot be read");
    }

    [Theory]
    [InlineData("conf.d/*.toml", "2.1.0", "/etc/containerd/conf.d/a.toml /etc/containerd/conf.d/b.toml")]
    [InlineData("etc/*/conf.d/[a-a].tom?", "2.1.0", "")]
    [InlineData("etc/*/conf.d/[a-a].tom?", "1.7.0", "/etc/containerd/conf.d/a.toml")]
    [InlineData("../containerd/conf.d/b.toml", "1.7.0", "/etc/containerd/conf.d/b.toml")]
    public void Imports_are_found_as_containerd_finds_them(string import, string release, string expected)
    {
        Write(Root, $"imports = ['{import}']\n");
        Write("/etc/containerd/conf.d/b.toml", "");
        Write("/etc/containerd/conf.d/a.toml", "");
        Write("/etc/containerd/conf.d/c.conf", "");

        string.Join(' ', Read(release).Files.Skip(1).Select(file => file.Path)).ShouldBe(expected);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private EffectiveConfiguration Read(string release)
    {
        ReleaseNumber.TryParse(release, out var number).ShouldBeTrue();
        return ConfigurationReader.Read(new HostRoot(_folder.FullName), Root, number);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.FullName + path)!);
        File.WriteAllText(_folder.FullName + path, text);
    }
}
