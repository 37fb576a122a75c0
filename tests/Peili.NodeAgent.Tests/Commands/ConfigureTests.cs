using Peili.Containerd.Hosts;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary>The real program's <c>configure</c> and <c>cleanup</c>, and <c>serve --hosts-dir</c>.</summary>
public sealed class ConfigureTests : IDisposable
{
    private const string Mirror = "[host.\"https://mirror.example\"]\n";

    private readonly Nodes _nodes;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peili-configure-");

    public ConfigureTests(Nodes nodes)
    {
        _nodes = nodes;
        Directory.CreateDirectory(Path.Combine(Certs, "docker.io"));
        File.WriteAllText(DockerHosts, Mirror);
    }

    private string Certs => Path.Combine(_directory.FullName, "certs.d");

    private string State => Path.Combine(_directory.FullName, "state");

    private string DefaultHosts => Path.Combine(Certs, "_default", "hosts.toml");

    private string DockerHosts => Path.Combine(Certs, "docker.io", "hosts.toml");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Configure_and_cleanup_say_each_file_they_change()
    {
        (await RunAsync("configure")).ShouldBe((0, $"wrote {DefaultHosts}\nwrote {DockerHosts}\n", ""));
        var secret = RegistrySecretFile.ReadOrCreate(State);
        File.ReadAllText(DockerHosts).ShouldContain($"X-Peili-Node = \"{secret}\"");
        File.GetUnixFileMode(Path.Combine(State, "registry.secret")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await RunAsync("configure")).ShouldBe((0, "nothing to change\n", ""));
        (await RunAsync("cleanup")).ShouldBe((0, $"removed {DefaultHosts}\nrestored {DockerHosts}\n", ""));
        File.ReadAllText(DockerHosts).ShouldBe(Mirror);
        Directory.GetFileSystemEntries(Certs).ShouldBe([Path.Combine(Certs, "docker.io")]);
        (await RunAsync("cleanup")).ShouldBe((0, "nothing to change\n", ""));
    }

    [Fact]
    public async Task Without_the_secret_none_is_made()
    {
        (await RunAsync("configure", "--registry-auth", "none", "--registry", "quay.io", "--registry-address", "[::]:7")).Status.ShouldBe(0);

        var written = await File.ReadAllTextAsync(Path.Combine(Certs, "quay.io", "hosts.toml"), TestContext.Current.CancellationToken);
        written.ShouldContain("[host.\"http://[::1]:7\"]");
        written.ShouldNotContain(RegistrySecretFile.HeaderName);
        File.Exists(Path.Combine(State, "registry.secret")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_named_in_one_line_with_exit_status_1()
    {
        byte[] latin = [.. "# K"u8, 0xe4, .. "se\n"u8];
        await File.WriteAllBytesAsync(DockerHosts, latin, TestContext.Current.CancellationToken);

        var (status, _, errors) = await RunAsync("configure");

        errors.ShouldStartWith("peili-agent: ");
        errors.ShouldContain(DockerHosts);
        errors.Count(character => character == '\n').ShouldBe(1, errors);
        status.ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_that_is_none_is_named_in_one_line_with_exit_status_1()
    {
        Directory.CreateDirectory(State);
        await File.WriteAllTextAsync(Path.Combine(State, "registry.secret"), "too short\n", TestContext.Current.CancellationToken);

        var (status, _, errors) = await RunAsync("configure");

        errors.ShouldStartWith($"peili-agent: {Path.Combine(State, "registry.secret")}");
        errors.Count(character => character == '\n').ShouldBe(1, errors);
        status.ShouldBe(1);
    }

    [Fact]
    public async Task Serve_keeps_the_folder_configured()
    {
        await using var agent = await TestAgent.StartAsync(await _nodes.EmptyAsync(), [], options => options with { HostsDirectory = Certs });
        await Eventually.IsTrueAsync(() => File.Exists(DefaultHosts), "the folder is configured");

        Directory.Delete(Path.Combine(Certs, "_default"), recursive: true);
        await Eventually.IsTrueAsync(() => File.Exists(DefaultHosts), "a wiped folder is configured again");

        await File.WriteAllBytesAsync(DockerHosts, [0xff], TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => agent.Log.Errors.Any(line => line.Contains(DockerHosts, StringComparison.Ordinal)), "the unusable file is named");
        (await RawClient.GetAsync(agent.Registry, "/v2/")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Serve_keeps_what_configure_writes_and_leaves_a_node_that_was_given_back()
    {
        string[] options = ["--registry-auth", "none", "--mirror", "http://10.0.0.1:5000", "--no-upstream", "--replace-existing"];
        var parsed = ServeCommand.Create().Parse(["--insecure", "--hosts-dir", Certs, .. options]);
        parsed.Errors.ShouldBeEmpty();
        await using (var agent = await TestAgent.StartAsync(
            await _nodes.EmptyAsync(), [], usual => usual with { HostsDirectory = Certs, Hosts = ServeOptions.Bind(parsed).Hosts }))
        {
            await Eventually.IsTrueAsync(() => File.Exists(DefaultHosts), "the folder is configured");
            await Eventually.IsTrueAsync(() => File.ReadAllText(DockerHosts).Contains("peili: off", StringComparison.Ordinal), "so is the registry's");
            (await AgentExecutable.RunAsync(["configure", "--hosts-dir", Certs, "--state-path", agent.StatePath, "--registry-address", "127.0.0.1:0", .. options]))
                .ShouldBe((0, "nothing to change\n", ""));

            File.WriteAllText(Path.Combine(agent.StatePath, "released"), "");
            Directory.Delete(Path.Combine(Certs, "_default"), recursive: true);
            await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
            File.Exists(DefaultHosts).ShouldBeFalse();
        }
    }

    private Task<(int Status, string Output, string Errors)> RunAsync(string command, params string[] options) =>
        AgentExecutable.RunAsync([command, "--hosts-dir", Certs, "--state-path", State, .. options]);
}
