using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Peili.LocalCluster.Security;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary>The real program's <c>configure</c> and <c>cleanup</c> on a host of its own, <c>--host-root</c>.</summary>
public sealed class ConfigureHostTests : IDisposable
{
    private const string K0sHosts = "/etc/k0s/containerd.d/certs.d";
    private const string DropIn = "/etc/k0s/containerd.d/cri-registry.toml";
    private const string Mirror = "http://10.0.0.10:5000";

    private static readonly string[] s_airGap = ["--flavor", "k0s", "--no-agent", "--mirror", Mirror, "--registry", "registry.k8s.io", "--registry", "quay.io"];

    private readonly TestDirectory _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("1.7.29", "version = 2", "io.containerd.grpc.v1.cri")]
    [InlineData("2.3", "version = 3", "io.containerd.cri.v1.images")]
    public async Task K0s_is_ready_for_the_local_registry_before_it_starts(string containerd, string version, string plugin)
    {
        var before = Snapshot();

        var (status, output, errors) = await RunAsync("configure", [.. s_airGap, "--containerd-version", containerd]);

        (status, errors).ShouldBe((0, ""));
        output.ShouldBe($"wrote {K0sHosts}/registry.k8s.io/hosts.toml\nwrote {K0sHosts}/quay.io/hosts.toml\nwrote {DropIn}\n");
        Read($"{K0sHosts}/quay.io/hosts.toml").ShouldBe(
            $"""
             server = "https://quay.io"
             # peili: begin. Written by peili-agent; `peili-agent cleanup` takes it out again.
             [host."{Mirror}"]
               capabilities = ["pull", "resolve"]
               dial_timeout = "3s"
             # peili: end.

             """);
        Read(DropIn).ShouldBe(
            $"""
             # Written by peili-agent; `peili-agent cleanup` takes it away again.
             {version}

             [plugins."{plugin}".registry]
               config_path = "{K0sHosts}"

             """);
        (await RunAsync("configure", [.. s_airGap, "--containerd-version", containerd])).ShouldBe((0, "nothing to change\n", ""));

        (await RunAsync("cleanup")).Status.ShouldBe(0);
        Snapshot().ShouldBe(before);
    }

    [Theory]
    [InlineData("/etc/k0s/containerd.toml", "# k0s_managed=true\nversion = 2\n", "version = 2")]
    [InlineData("/etc/k0s/containerd.toml", "# k0s_managed=true\nversion = 3\n", "version = 3")]
    [InlineData("/usr/local/bin/k0s", "\0ELF such as v1.21.0+k0s.0\0 Version=v1.35.1+k0s.0\0", "version = 2")]
    [InlineData("/usr/local/bin/k0s", "\0ELF such as v1.21.0+k0s.0\0 Version=v1.36.0+k0s.1\0", "version = 3")]
    public async Task The_form_of_the_drop_in_is_found_in_what_k0s_left(string file, string text, string version)
    {
        Write(file, text);

        (await RunAsync("configure", s_airGap)).Status.ShouldBe(0);

        Read(DropIn).ShouldContain(version);
    }

    [Theory]
    [InlineData(false, "version = 3")]
    [InlineData(true, "version = 2")]
    public async Task A_program_that_was_exchanged_counts_from_its_start_on(bool runs, string version)
    {
        Write("/etc/k0s/containerd.toml", "# k0s_managed=true\nversion = 2\n");
        Write("/usr/local/bin/k0s", "v1.36.2+k0s.0");
        if (runs)
        {
            Write("/run/k0s/containerd.sock", "");
        }

        (await RunAsync("configure", s_airGap)).Status.ShouldBe(0);

        Read(DropIn).ShouldContain(version);
    }

    [Fact]
    public async Task Without_anything_of_k0s_the_version_is_asked_for_and_nothing_is_written()
    {
        var (status, _, errors) = await RunAsync("configure", s_airGap);

        status.ShouldBe(64);
        errors.ShouldContain("--containerd-version");
        Snapshot().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/etc/k0s/containerd.d/own.toml", "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/srv/certs.d\"\n")]
    [InlineData("/etc/k0s/containerd.d/cri-registry.toml", "version = 3\n[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = \"/srv/certs.d\"\n")]
    [InlineData("/etc/k0s/containerd.toml", "version = 3\nplugins.\"io.containerd.cri.v1.images\".registry.config_path = '/srv/certs.d:/etc/docker/certs.d'\n")]
    public async Task A_config_path_that_is_there_is_honoured(string file, string text)
    {
        Write(file, text);
        var before = Snapshot();

        (await RunAsync("configure", s_airGap)).Output.ShouldBe("wrote /srv/certs.d/registry.k8s.io/hosts.toml\nwrote /srv/certs.d/quay.io/hosts.toml\n");

        Read(file).ShouldBe(text);
        (await RunAsync("cleanup")).Status.ShouldBe(0);
        Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task A_drop_in_of_that_name_with_other_settings_keeps_them_and_comes_back()
    {
        const string Text = "version = 3 # mine\n[plugins.\"io.containerd.cri.v1.images\"]\n  max_concurrent_downloads = 5\n";
        Write(DropIn, Text);
        var before = Snapshot();

        (await RunAsync("configure", [.. s_airGap, "--containerd-version", "2.3"])).Status.ShouldBe(0);

        Read(DropIn).ShouldStartWith(Text);
        Read(DropIn).ShouldContain($"config_path = \"{K0sHosts}\"");
        (await RunAsync("cleanup")).Status.ShouldBe(0);
        Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task A_drop_in_edited_meanwhile_loses_our_folder_alone()
    {
        (await RunAsync("configure", [.. s_airGap, "--containerd-version", "2.3"])).Status.ShouldBe(0);
        Write(DropIn, Read(DropIn) + "\n[plugins.\"io.containerd.cri.v1.runtime\"]\n  device_ownership_from_security_context = true\n");

        (await RunAsync("cleanup")).Output.ShouldStartWith($"took our hosts out of {DropIn}\n");

        Read(DropIn).ShouldNotContain("config_path");
        Read(DropIn).ShouldContain("device_ownership_from_security_context = true");
    }

    [Theory]
    [InlineData("/etc/k0s/containerd.d/own.toml", "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\nendpoint = []\n", ":2:47: registry.mirrors")]
    [InlineData("/etc/k0s/containerd.d/own.toml", "version =\n", ":1:10: ")]
    [InlineData("/etc/k0s/containerd.toml", "version = 3\n", "imports nothing of /etc/k0s/containerd.d")]
    [InlineData("/etc/k0s/containerd.d/cri-registry.toml", "version = 2\n", ":1:11: is of version 2")]
    [InlineData("/etc/k0s/containerd.d/certs.d/quay.io/hosts.toml", "server = \"https://quay.io\n", ":1:")]
    public async Task What_cannot_be_used_is_named_with_its_place_and_nothing_is_written(string file, string text, string named)
    {
        Write(file, text);
        var before = Snapshot();

        var (status, _, errors) = await RunAsync("configure", [.. s_airGap, "--containerd-version", "2.3"]);

        status.ShouldBe(1);
        errors.ShouldContain(file);
        errors.ShouldContain(named);
        Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task A_dry_run_prints_what_patch_would_make_and_writes_nothing()
    {
        Write($"{K0sHosts}/quay.io/hosts.toml", "# mine\nserver = \"https://quay.io\"\n\n[host.\"https://other.example\"]\n  capabilities = [\"pull\"]");
        Write("/etc/k0s/containerd.toml", "# k0s_managed=true\nversion = 3\n");
        var before = Snapshot();
        string[] options = ["--flavor", "k0s", "--registry-auth", "none", "--mirror", Mirror, "--registry", "registry.k8s.io", "--registry", "quay.io"];

        var (status, diff, errors) = await RunAsync("configure", [.. options, "--dry-run"]);

        (status, errors).ShouldBe((0, ""));
        Snapshot().ShouldBe(before);
        (await RunAsync("configure", options)).Status.ShouldBe(0);
        var after = Snapshot();
        (await RunAsync("cleanup")).Status.ShouldBe(0);
        await Patch.ApplyAsync(_host.Path, diff, "--strip=1");
        Snapshot().ShouldBe(after);
    }

    [Fact]
    public async Task A_dry_run_shows_no_secret()
    {
        Write("/etc/agent.yaml", "mirror:\n- url: http://m\n  headers: {authorization: \"Basic \\\"aGlkZGVu\"}\n");
        string[] options = ["--hosts-dir", "/certs.d", "--config", _host.PathOf("etc/agent.yaml")];

        var first = await RunAsync("configure", [.. options, "--dry-run"]);
        File.Exists(_host.PathOf("var/lib/peili/registry.secret")).ShouldBeFalse();
        await RunAsync("configure", options);
        var secret = Read("/var/lib/peili/registry.secret").Trim();
        Write("/certs.d/quay.io/hosts.toml", "[host]\n");
        var second = await RunAsync("configure", [.. options, "--replace-existing", "--dry-run", "--registry-address", "127.0.0.1:7"]);

        first.Output.ShouldContain("X-Peili-Node = \"***\"");
        first.Output.ShouldContain("authorization = \"***\"");
        second.Output.ShouldContain("-[host.\"http://127.0.0.1:29950\"]");
        foreach (var output in new[] { first.Output, second.Output })
        {
            output.ShouldNotContain("aGlkZGVu");
            output.ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData("/var/lib/rancher/k3s/agent/etc/containerd/config.toml", "k3s", "/var/lib/rancher/k3s/agent/etc/containerd/certs.d")]
    [InlineData("/var/lib/kubelet/kubeadm-flags.env", "kubeadm", "/etc/containerd/certs.d")]
    public async Task The_flavor_is_seen_by_the_hosts_files(string file, string flavor, string folder)
    {
        Write(file, "");

        (await RunAsync("configure")).Output.ShouldBe($"flavor {flavor}, by this host's files\nwrote {folder}/_default/hosts.toml\n");
    }

    [Fact]
    public async Task Where_the_platform_owns_the_hosts_files_its_own_way_is_told()
    {
        Write("/etc/os-release", "ID=talos\n");

        var (status, _, errors) = await RunAsync("configure");
        var forced = await RunAsync("configure", "--flavor", "talos", "--hosts-dir", "/etc/cri/conf.d/hosts");

        status.ShouldBe(1);
        errors.ShouldContain("endpoints: [\"http://127.0.0.1:29950\"]");
        forced.Status.ShouldBe(0);
        forced.Errors.ShouldContain("endpoints: [\"http://127.0.0.1:29950\"]");
        forced.Output.ShouldBe("wrote /etc/cri/conf.d/hosts/_default/hosts.toml\n");
    }

    [Fact]
    public async Task A_certificate_that_is_not_below_the_root_is_named()
    {
        Write("/etc/agent.yaml", "mirror:\n- url: https://m\n  ca: /etc/ca.pem\n");
        string[] options = ["--hosts-dir", "/certs.d", "--no-agent", "--config", _host.PathOf("etc/agent.yaml")];

        var (status, _, errors) = await RunAsync("configure", options);
        status.ShouldBe(64);
        errors.ShouldContain("/etc/ca.pem");

        Write("/etc/ca.pem", "");
        (await RunAsync("configure", options)).Status.ShouldBe(0);
        Read("/certs.d/_default/hosts.toml").ShouldContain("  ca = [\"/etc/ca.pem\"]\n");
    }

    [Fact]
    public async Task A_CA_given_as_text_becomes_a_file_that_hosts_toml_names_and_that_goes_with_it()
    {
        using var authority = new CertificateAuthority();
        var file = AuthorityFile(authority);
        var options = WithAuthority(authority);
        var before = Snapshot();

        (await RunAsync("configure", options)).ShouldBe((0, $"wrote {file}\nwrote /certs.d/_default/hosts.toml\n", ""));

        Read("/certs.d/_default/hosts.toml").ShouldContain($"  ca = [\"{file}\"]\n");
        Read(file).ShouldBe(authority.Pem);
        File.GetUnixFileMode(_host.PathOf(file[1..])).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await RunAsync("configure", options)).Output.ShouldBe("nothing to change\n");
        Write(file, "spoilt");
        (await RunAsync("configure", options)).Output.ShouldBe($"wrote {file}\n");
        Read(file).ShouldBe(authority.Pem);

        (await RunAsync("cleanup")).ShouldBe((0, $"removed /certs.d/_default/hosts.toml\nremoved {file}\n", ""));
        Snapshot().ShouldBe(before);
        Directory.Exists(_host.PathOf("var/lib/peili/mirrors")).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_the_files_beside_a_CAs_only_ours_are_removed_those_of_earlier_CAs_too()
    {
        using var first = new CertificateAuthority();
        using var second = new CertificateAuthority();
        await RunAsync("configure", WithAuthority(first));
        await RunAsync("configure", WithAuthority(second));
        Read("/certs.d/_default/hosts.toml").ShouldContain(AuthorityFile(second));
        Write("/var/lib/peili/mirrors/theirs.pem", "");
        Write("/var/lib/peili/mirrors/.peili-leftover", "");

        (await RunAsync("cleanup")).Status.ShouldBe(0);

        Directory.GetFiles(_host.PathOf("var/lib/peili/mirrors")).ShouldBe([_host.PathOf("var/lib/peili/mirrors/theirs.pem")]);
    }

    [Fact]
    public async Task A_CA_stays_while_a_file_that_names_it_cannot_be_put_back()
    {
        using var authority = new CertificateAuthority();
        await RunAsync("configure", WithAuthority(authority));
        const string Hosts = "/certs.d/_default/hosts.toml";
        var written = Read(Hosts);
        Write(Hosts, written.Replace("# peili: end.", "", StringComparison.Ordinal) + "[broken\n");

        (await RunAsync("cleanup")).Status.ShouldBe(1);
        Read(AuthorityFile(authority)).ShouldBe(authority.Pem);

        Write(Hosts, written);
        (await RunAsync("cleanup")).Status.ShouldBe(0);
        File.Exists(_host.PathOf(AuthorityFile(authority)[1..])).ShouldBeFalse();
    }

    [Fact]
    public async Task A_dry_run_shows_a_CAs_file_and_writes_none()
    {
        using var authority = new CertificateAuthority();
        var options = WithAuthority(authority);

        var (status, diff, errors) = await RunAsync("configure", [.. options, "--dry-run"]);

        (status, errors).ShouldBe((0, ""));
        Directory.Exists(_host.PathOf("var")).ShouldBeFalse();
        await Patch.ApplyAsync(_host.Path, diff, "--strip=1");
        Read(AuthorityFile(authority)).ShouldBe(authority.Pem);
        Read("/certs.d/_default/hosts.toml").ShouldContain(AuthorityFile(authority));
    }

    [Fact]
    public async Task A_registries_yaml_becomes_what_k3s_writes_with_the_agent_first()
    {
        Write("/ca.pem", "");
        Write(
            "/etc/rancher/k3s/registries.yaml",
            """
            mirrors:
              docker.io:
                endpoint: [https://mirror.example/prefix, "10.0.0.10:5000"]
              "*":
                endpoint: [http://10.0.0.10:5000]
            configs:
              mirror.example:
                tls: {ca_file: /ca.pem}
            """);

        (await RunAsync("configure", "--hosts-dir", "/certs.d", "--registries-yaml", "/etc/rancher/k3s/registries.yaml", "--registry-auth", "none")).Status.ShouldBe(0);

        const string Agent = "# peili: begin. Written by peili-agent; `peili-agent cleanup` takes it out again.\n[host.\"http://127.0.0.1:29950\"]\n  capabilities = [\"pull\", \"resolve\"]\n  dial_timeout = \"1s\"\n";
        Read("/certs.d/docker.io/hosts.toml").ShouldBe(
            "server = \"https://registry-1.docker.io/v2\"\ncapabilities = [\"pull\", \"resolve\", \"push\"]\n" + Agent
            + "[host.\"https://mirror.example/prefix\"]\n  capabilities = [\"pull\", \"resolve\"]\n  override_path = true\n  ca = [\"/ca.pem\"]\n"
            + "[host.\"https://10.0.0.10:5000/v2\"]\n  capabilities = [\"pull\", \"resolve\"]\n# peili: end.\n");
        Read("/certs.d/_default/hosts.toml").ShouldBe(Agent + "[host.\"http://10.0.0.10:5000/v2\"]\n  capabilities = [\"pull\", \"resolve\"]\n# peili: end.\n");
        Read("/certs.d/mirror.example/hosts.toml").ShouldBe(
            "server = \"https://mirror.example/v2\"\ncapabilities = [\"pull\", \"resolve\", \"push\"]\nca = [\"/ca.pem\"]\n" + Agent + "# peili: end.\n");
    }

    [Fact]
    public async Task A_node_that_was_given_back_is_left_alone()
    {
        Write("/var/lib/peili/released", "");
        var before = Snapshot();

        (await RunAsync("configure", "--hosts-dir", "/certs.d")).Status.ShouldBe(0);

        Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task Another_folder_is_refused_while_backups_of_one_are_kept()
    {
        await RunAsync("configure", "--hosts-dir", "/certs.d");

        var (status, _, errors) = await RunAsync("configure", "--hosts-dir", "/other.d");

        status.ShouldBe(1);
        errors.ShouldContain("cleanup --hosts-dir /certs.d");
    }

    private static string AuthorityFile(CertificateAuthority authority) =>
        $"/var/lib/peili/mirrors/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(authority.Pem)))[..16]}.pem";

    private string[] WithAuthority(CertificateAuthority authority)
    {
        Write("/etc/agent.yaml", new JsonObject { ["mirror"] = new JsonArray(new JsonObject { ["url"] = "https://m", ["ca-pem"] = authority.Pem }) }.ToJsonString());
        return ["--hosts-dir", "/certs.d", "--no-agent", "--config", _host.PathOf("etc/agent.yaml")];
    }

    private Task<(int Status, string Output, string Errors)> RunAsync(string command, params string[] options) =>
        AgentExecutable.RunAsync([command, "--host-root", _host.Path, .. options]);

    private string Read(string path) => File.ReadAllText(_host.PathOf(path[1..]));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_host.PathOf(path[1..]))!);
        File.WriteAllText(_host.PathOf(path[1..]), text);
    }

    /// <summary>Every file with its text, every folder; without the agent's own.</summary>
    private SortedDictionary<string, string> Snapshot()
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(_host.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(_host.Path, entry.FullName);
            if (path != "var" && !path.StartsWith("var/lib", StringComparison.Ordinal))
            {
                entries.Add(path, entry is DirectoryInfo ? "folder" : File.ReadAllText(entry.FullName));
            }
        }

        return entries;
    }
}
