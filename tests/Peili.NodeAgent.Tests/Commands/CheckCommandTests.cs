using System.Text.Json;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary><c>check</c> as a program, on hosts in a folder whose containerd does not run. What real ones show is tested with real pulls.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Root = "/etc/containerd/config.toml";

    private readonly DirectoryInfo _host = Directory.CreateTempSubdirectory("peili-check-");

    [Fact]
    public async Task Without_containerd_it_could_not_tell()
    {
        var (status, report, _) = await CheckAsync();

        status.ShouldBe(3);
        report.GetProperty("verdict").GetString().ShouldBe("Unknown");
        Finding(report, "ContainerdUnreachable").GetProperty("message").GetString().ShouldBe("containerd does not answer: there is no such socket; --containerd-socket says where it is");
        Finding(report, "ContainerdUnreachable").GetProperty("remedy").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_file_that_is_not_TOML_is_named_with_line_and_column()
    {
        Write(Root, "version = 2\n[plugins\n");

        var (_, report, _) = await CheckAsync("--containerd-version", "1.7.24");

        Finding(report, "ConfigurationInvalid").GetProperty("message").GetString().ShouldStartWith($"{Root}:2:");
    }

    [Fact]
    public async Task A_setting_is_shown_where_it_is_written_with_what_to_paste()
    {
        Write("/var/lib/kubelet/kubeadm-flags.env", "--container-runtime-endpoint=unix:///run/containerd/containerd.sock");
        Write(Root, "version = 3\n\n[plugins.'io.containerd.cri.v1.images'.registry]\n  config_path = '/etc/containerd/certs.d:/etc/docker/certs.d'\n");

        var (_, report, _) = await CheckAsync("--containerd-version", "2.2.4");

        report.GetProperty("flavor").GetString().ShouldBe("kubeadm");
        var finding = Finding(report, "ConfigPathList");
        finding.GetProperty("evidence").GetString().ShouldBe($"{Root}:4");
        finding.GetProperty("snippet").GetString()!.ShouldContain("[plugins.\"io.containerd.cri.v1.images\".registry]\n  config_path = \"/etc/containerd/certs.d\"");
    }

    [Fact]
    public async Task An_unsupported_platform_ends_with_2_and_says_what_to_do()
    {
        Write("/etc/os-release", "ID=\"rhcos\"\n");
        Write("/etc/crio/crio.conf", "");

        var (status, report, _) = await CheckAsync();

        status.ShouldBe(2);
        Finding(report, "RuntimeNotContainerd").GetProperty("remedy").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_release_without_hosts_files_is_unsupported()
    {
        var (status, report, _) = await CheckAsync("--containerd-version", "1.4.13");

        status.ShouldBe(2);
        Finding(report, "ContainerdTooOld").GetProperty("message").GetString().ShouldBe("containerd 1.4.13 has no config_path; it came with 1.5.0");
    }

    [Fact]
    public async Task An_embedded_registry_of_k3s_is_found_in_its_files()
    {
        Write("/etc/rancher/k3s/config.yaml", "# embedded-registry: true\ntoken: a\n");
        Write("/etc/rancher/k3s/config.yaml.d/10-mirror.yaml", "token: b\nembedded-registry: true\n");
        Write("/var/lib/rancher/k3s/agent/etc/containerd/config.toml", "version = 3\n");

        var (_, report, _) = await CheckAsync("--containerd-version", "2.1.5-k3s1");

        Finding(report, "EmbeddedRegistry").GetProperty("evidence").GetString().ShouldBe("/etc/rancher/k3s/config.yaml.d/10-mirror.yaml:2");
    }

    [Fact]
    public async Task People_get_a_table_and_programs_get_YAML_too()
    {
        var (_, table, _) = await AgentExecutable.RunAsync(["check", "--host-root", _host.FullName]);
        var (_, yaml, _) = await AgentExecutable.RunAsync(["check", "--host-root", _host.FullName, "--output", "yaml"]);

        table.ShouldContain("verdict     COULD NOT TELL\n");
        table.ShouldContain("error    ContainerdUnreachable  /run/containerd/containerd.sock\n");
        table.ShouldNotContain("\e[");
        yaml.ShouldContain("verdict: \"Unknown\"\n");
        yaml.ShouldContain("findings:\n- reason: \"ContainerdUnreachable\"\n");
    }

    [Theory]
    [InlineData("--flavor=nope", "--flavor: \"nope\" is no flavor; known are aks, cri-dockerd")]
    [InlineData("--host-root=/nowhere", "--host-root: /nowhere is no folder")]
    [InlineData("--containerd-version=new", "--containerd-version must be a version such as 1.7.24, not \"new\"")]
    [InlineData("--output=xml", "--output must be one of table, wide, json, yaml, not \"xml\"")]
    public async Task A_wrong_option_is_named(string argument, string message)
    {
        var (status, _, errors) = await AgentExecutable.RunAsync(["check", argument]);

        status.ShouldBe(64);
        errors.ShouldStartWith($"peili-agent: {message}");
    }

    public void Dispose() => _host.Delete(recursive: true);

    private async Task<(int Status, JsonElement Report, string Errors)> CheckAsync(params string[] arguments)
    {
        var (status, output, errors) = await AgentExecutable.RunAsync(["check", "--host-root", _host.FullName, "--output", "json", .. arguments]);
        output.ShouldNotBeEmpty(errors);
        using var report = JsonDocument.Parse(output);
        return (status, report.RootElement.Clone(), errors);
    }

    private static JsonElement Finding(JsonElement report, string reason) => report.GetProperty("findings").EnumerateArray()
        .Where(finding => finding.GetProperty("reason").GetString() == reason).ShouldHaveSingleItem();

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_host.FullName + path)!);
        File.WriteAllText(_host.FullName + path, text);
    }
}
