using Peili.LocalCluster.Containerd;

namespace Peili.Remediation.Tests;

/// <summary>
/// <c>peili-agent remediate</c> on a real containerd that a real systemd runs. The program runs where systemd sees it; the host's files are below --host-root.
/// </summary>
public sealed class RemediateTests
{
    private const string Version2 = "version = 2\n";
    private const string Version3 = "version = 3\n";
    private const string Cri = "io.containerd.grpc.v1.cri";
    private const string Images = "io.containerd.cri.v1.images";
    private const string List = "config_path = \"/etc/containerd/certs.d:/etc/docker/certs.d\"\n";
    private const string DropInFile = "/etc/containerd/conf.d/50-site.toml";

    [Theory]
    [InlineData(ContainerdRelease.V1_6, Version2)]
    [InlineData(ContainerdRelease.V1_7, Version2)]
    [InlineData(ContainerdRelease.V2_1, Version3)]
    [InlineData(ContainerdRelease.V2_1, Version2)]
    public async Task An_unset_path_is_mended(ContainerdRelease release, string configuration)
    {
        await using var host = await ContainerdHost.StartAsync(release, configuration);
        await host.CheckAsync(1);
        (await host.AsksMirrorAsync()).ShouldBeFalse();

        await MendAsync(host);

        (await host.AsksMirrorAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(ContainerdRelease.V1_6, Version2, $"[plugins.\"{Cri}\".containerd]\ndiscard_unpacked_layers = true # the disk is small\n[plugins.\"{Cri}\".registry]\n{List}")]
    [InlineData(ContainerdRelease.V1_7, Version2, $"[plugins.\"{Cri}\".containerd]\ndiscard_unpacked_layers = true # the disk is small\n[plugins.\"{Cri}\".registry]\n{List}")]
    [InlineData(ContainerdRelease.V2_1, Version3, $"[plugins.'{Images}']\ndiscard_unpacked_layers = true # the disk is small\n[plugins.'{Images}'.registry]\n{List}")]
    public async Task Discarded_layers_and_the_list_beside_them_are_mended(ContainerdRelease release, string version, string tables)
    {
        await using var host = await ContainerdHost.StartAsync(release, version + tables);
        await host.CheckAsync(1);

        await MendAsync(host);

        host.Read(ContainerdHost.ConfigFile).ShouldContain("discard_unpacked_layers = false # the disk is small");
        (await host.AsksMirrorAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_list_that_the_transfer_service_ignores_is_mended()
    {
        await using var host = await ContainerdHost.StartAsync(ContainerdRelease.V2_1, $"{Version3}[plugins.'{Images}'.registry]\n{List}");
        (await host.AsksMirrorAsync()).ShouldBeFalse();

        await MendAsync(host);

        (await host.AsksMirrorAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(ContainerdRelease.V1_6, Version2 + $"disabled_plugins = [\"{Cri}\"]\n")]
    [InlineData(ContainerdRelease.V1_7, "disabled_plugins = [\"cri\"]\n")]
    [InlineData(ContainerdRelease.V2_1, "disabled_plugins = [\"cri\"]\n")]
    public async Task A_disabled_CRI_plugin_is_mended(ContainerdRelease release, string configuration)
    {
        await using var host = await ContainerdHost.StartAsync(release, configuration);

        await MendAsync(host);

        (await host.AsksMirrorAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(ContainerdRelease.V1_6, Version2, $"[plugins.\"{Cri}\".containerd]\ndiscard_unpacked_layers = true\n")]
    [InlineData(ContainerdRelease.V1_7, Version2, $"[plugins.\"{Cri}\".containerd]\ndiscard_unpacked_layers = true\n")]
    [InlineData(ContainerdRelease.V2_1, Version3, $"[plugins.\"{Images}\"]\ndiscard_unpacked_layers = true\n")]
    public async Task A_drop_in_that_wins_is_the_file_that_is_edited(ContainerdRelease release, string version, string dropIn)
    {
        var root = $"{version}imports = [\"/etc/containerd/conf.d/*.toml\"]\n";
        await using var host = await ContainerdHost.StartAsync(release, root, files => files.Write(DropInFile, version + dropIn));

        await MendAsync(host);

        host.Read(DropInFile).ShouldContain("discard_unpacked_layers = false");
        (await host.AsksMirrorAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task It_works_through_the_system_bus_too()
    {
        await using var host = await ContainerdHost.StartAsync(ContainerdRelease.V1_7, Version2, files => files.AddBus());

        await MendAsync(host);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_tells_no_password()
    {
        const string login = $"{Version2}[plugins.\"{Cri}\".registry.configs.\"a\".auth]\nusername = \"u\"\npassword = \"secret\"\n";
        await using var host = await ContainerdHost.StartAsync(ContainerdRelease.V1_7, login);

        var result = await host.RemediateAsync("--dry-run");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe(
            $"""
             to be set: config_path = "/etc/containerd/certs.d"
             --- {ContainerdHost.ConfigFile}
             +++ {ContainerdHost.ConfigFile}
             @@ -2,3 +2,6 @@
              [plugins."{Cri}".registry.configs."a".auth]
              username = "u"
              password = "***"
             +
             +[plugins."{Cri}".registry]
             +config_path = "/etc/containerd/certs.d"
             would restart containerd.service

             """);
        host.Read(ContainerdHost.ConfigFile).ShouldBe(login);
        Directory.Exists(Path.Combine(host.StatePath, "remediation")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ContainerdRelease.V1_6)]
    [InlineData(ContainerdRelease.V1_7)]
    [InlineData(ContainerdRelease.V2_1)]
    public async Task An_edit_with_which_containerd_does_not_start_is_rolled_back(ContainerdRelease release)
    {
        // Fault injection: the unit refuses to start containerd with the edited file.
        await using var host = await ContainerdHost.StartAsync(
            release, Version2, command: $"/bin/sh -c 'if grep -q certs.d {ContainerdHost.ConfigFile}; then exit 1; fi; exec {{0}} --config {ContainerdHost.ConfigFile}'");

        await RollBackAsync(host, "was not restarted (systemd says: failed)");
    }

    [Fact]
    public async Task An_edit_with_which_the_CRI_plugin_does_not_load_is_rolled_back()
    {
        // Fault injection: with the edited file, containerd gets one that has deprecated mirrors beside config_path.
        const string broken = $"{Version2}[plugins.\"{Cri}\".registry]\nconfig_path = \"/a\"\n[plugins.\"{Cri}\".registry.mirrors.\"a\"]\nendpoint = [\"https://a\"]\n";
        await using var host = await ContainerdHost.StartAsync(
            ContainerdRelease.V1_7, Version2, files => files.Write("/etc/containerd/broken.toml", broken),
            command: $"/bin/sh -c 'if grep -q certs.d {ContainerdHost.ConfigFile}; then exec {{0}} --config /etc/containerd/broken.toml; fi; exec {{0}} --config {ContainerdHost.ConfigFile}'");

        await RollBackAsync(host, "the CRI plugin did not load");
    }

    [Fact]
    public async Task Told_to_end_in_the_middle_it_goes_on_to_the_end()
    {
        await using var host = await ContainerdHost.StartAsync(
            ContainerdRelease.V1_7, Version2, command: $"/bin/sh -c 'if grep -q certs.d {ContainerdHost.ConfigFile}; then sleep 3; fi; exec {{0}} --config {ContainerdHost.ConfigFile}'");
        var running = host.RemediateAsync();
        while (!running.IsCompleted && !host.Read(ContainerdHost.ConfigFile).Contains("certs.d", StringComparison.Ordinal))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await host.TerminateAgentAsync();

        var result = await running;
        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        (await host.AsksMirrorAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("talos", "machine configuration")]
    [InlineData("gke", "registryHosts")]
    public async Task Where_no_file_is_the_remedy_the_step_is_printed(string flavor, string reason)
    {
        await using var host = await ContainerdHost.StartAsync(ContainerdRelease.V1_7, Version2);

        var result = await host.RemediateAsync("--flavor", flavor);

        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldContain(reason);
    }

    [Fact]
    public async Task Deprecated_mirrors_are_left_to_their_owner()
    {
        const string mirrors = $"{Version2}[plugins.\"{Cri}\".registry.mirrors.\"docker.io\"]\nendpoint = [\"https://mirror.example\"]\n";
        await using var host = await ContainerdHost.StartAsync(ContainerdRelease.V1_7, mirrors);

        var result = await host.RemediateAsync();

        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldContain("registry.mirrors is set for docker.io");
        result.Output.ShouldContain("LegacyMirrors");
        host.Read(ContainerdHost.ConfigFile).ShouldBe(mirrors);
    }

    [Fact]
    public async Task A_host_without_the_unit_is_left_alone()
    {
        await using var host = await ContainerdHost.StartAsync(ContainerdRelease.V1_7, Version2, unit: "other.service");

        var result = await host.RemediateAsync();

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("no unit containerd.service: nothing was changed");
        host.Read(ContainerdHost.ConfigFile).ShouldBe(Version2);
    }

    [Theory]
    [InlineData(ContainerdRelease.V1_7, Version2, Cri)]
    [InlineData(ContainerdRelease.V2_1, Version3, Images)]
    public async Task Files_that_are_right_and_were_not_read_yet_take_a_restart_alone(ContainerdRelease release, string version, string plugin)
    {
        await using var host = await ContainerdHost.StartAsync(release, version);
        var right = $"{version}[plugins.\"{plugin}\".registry]\nconfig_path = \"{ContainerdHost.HostsDirectory}\"\n";
        await File.WriteAllTextAsync(host.At(ContainerdHost.ConfigFile), right, TestContext.Current.CancellationToken);

        var result = await host.RemediateAsync();

        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        result.Output.ShouldStartWith("the files are right, but containerd runs with what it read before\nrestarting containerd.service\n");
        host.Read(ContainerdHost.ConfigFile).ShouldBe(right);
        (await host.AsksMirrorAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task What_no_edit_of_the_configuration_mends_is_said()
    {
        await using var host = await ContainerdHost.StartAsync(ContainerdRelease.V1_7, $"{Version2}[plugins.\"{Cri}\".registry]\nconfig_path = \"/srv/certs.d\"\n");

        var result = await host.RemediateAsync();

        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldStartWith("nothing was changed: ");
        result.Output.ShouldContain("HostsDirectoryElsewhere");
    }

    private static async Task MendAsync(ContainerdHost host)
    {
        var before = host.Read(ContainerdHost.ConfigFile);

        var result = await host.RemediateAsync();

        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        result.Output.ShouldContain("restarting containerd.service\ncontainerd answers, and its CRI plugin is loaded\ndone");
        await host.CheckAsync(0);
        if (host.Read(ContainerdHost.ConfigFile) != before)
        {
            File.ReadAllText(host.StatePath + "/remediation/original" + ContainerdHost.ConfigFile).ShouldBe(before);
        }

        (await host.RemediateAsync()).Output.ShouldBe("nothing to do\n");
    }

    private static async Task RollBackAsync(ContainerdHost host, string problem)
    {
        var result = await host.RemediateAsync();

        result.ExitCode.ShouldBe(1, result.Output + result.Error);
        result.Output.ShouldContain(problem);
        result.Output.ShouldContain($"put back {ContainerdHost.ConfigFile}");
        result.Output.ShouldEndWith("containerd answers, and its CRI plugin is loaded\n");
        host.Read(ContainerdHost.ConfigFile).ShouldBe(Version2);
        await host.CheckAsync(1);
    }
}
