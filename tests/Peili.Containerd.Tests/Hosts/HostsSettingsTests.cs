using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>What can be asked for besides the agent in front of everything.</summary>
public sealed class HostsSettingsTests : IDisposable
{
    private const string OurTable =
        "# peili: begin. Written by peili-agent; `peili-agent cleanup` takes it out again.\n"
        + "[host.\"http://127.0.0.1:29950\"]\n  capabilities = [\"pull\", \"resolve\"]\n  dial_timeout = \"1s\"\n# peili: end.\n";

    private static readonly HostsSettings s_all = new() { Registries = [HostsDirectory.Default], Hosts = [CertsDirectory.Entry] };

    private readonly CertsDirectory _certs = new();

    public void Dispose() => _certs.Dispose();

    [Theory]
    [InlineData("server = \n", "1:10")]
    [InlineData("# a\nserver = \"https://a.example\n", "2:")]
    [InlineData("[host.\"https://a.example\"]\n[host.\"https://a.example\"]\n", "2:7")]
    [InlineData("host = { \"https://a.example\" = {} }\n", "1:8")]
    [InlineData("[host]\n\"https://a.example\" = { skip_verify = true }\n", "2:23")]
    [InlineData("host.\"https://a.example\".skip_verify = true\n", "1:6")]
    [InlineData("[[host]]\n", "1:1")]
    [InlineData("host = 5\n", "1:8")]
    public void A_file_that_cannot_be_used_is_named_with_its_place_and_nothing_at_all_is_written(string text, string place)
    {
        _certs.Write("docker.io/hosts.toml", CertsTrees.Mirror);
        _certs.Write("quay.io/hosts.toml", text);
        var before = _certs.Snapshot();

        Should.Throw<InvalidDataException>(() => _certs.Configure(s_all)).Message.ShouldStartWith($"{_certs.File("quay.io/hosts.toml")}:{place}");

        _certs.Snapshot().ShouldBe(before);
        Directory.Exists(_certs.StatePath).ShouldBeFalse();
    }

    [Fact]
    public void Upstream_is_left_out_by_putting_its_keys_out_of_force()
    {
        _certs.Write("docker.io/hosts.toml", "# a\nserver = \"https://registry-1.docker.io\"\nca = [\n  \"/a.pem\",\n]\n[header]\n  authorization = \"x\"\n[host.\"https://b.example\"]\n");

        _certs.Configure(s_all with { Upstream = false, Registries = ["docker.io", "quay.io"] });

        _certs.Read("docker.io/hosts.toml").ShouldBe(
            "# peili: off: # a\n# peili: off: server = \"https://registry-1.docker.io\"\n# peili: off: ca = [\n# peili: off:   \"/a.pem\",\n# peili: off: ]\n"
            + "# peili: off: [header]\n# peili: off:   authorization = \"x\"\n"
            + OurTable.Replace("[host.", "server = \"http://127.0.0.1:29950\"\ndial_timeout = \"1s\"\n[host.", StringComparison.Ordinal) + "[host.\"https://b.example\"]\n");
        _certs.Read("quay.io/hosts.toml").ShouldStartWith("# peili: begin");
        _certs.Read("quay.io/hosts.toml").ShouldNotContain("quay.io");
    }

    [Fact]
    public void A_mirror_that_stands_for_upstream_does_so_with_its_headers_and_certificates()
    {
        var mirror = new HostEntry("https://m.example/hub")
        {
            OverridePath = true,
            Authorities = ["/ca.pem"],
            ClientCertificate = "/c.pem",
            ClientKey = "/k.pem",
            Headers = new Dictionary<string, string> { ["x-a"] = "b" },
        };

        _certs.Configure(new HostsSettings { Registries = ["quay.io"], Hosts = [mirror], Upstream = false });

        _certs.Read("quay.io/hosts.toml").ShouldContain(
            "server = \"https://m.example/hub\"\noverride_path = true\nca = [\"/ca.pem\"]\nclient = [[\"/c.pem\", \"/k.pem\"]]\n[header]\n  x-a = \"b\"\n[host.\"https://m.example/hub\"]\n"
            + "  capabilities = [\"pull\", \"resolve\"]\n  override_path = true\n  ca = [\"/ca.pem\"]\n  client = [[\"/c.pem\", \"/k.pem\"]]\n  [host.\"https://m.example/hub\".header]\n    x-a = \"b\"\n");
        File.GetUnixFileMode(_certs.File("quay.io/hosts.toml")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void What_is_replaced_is_out_of_force_and_its_server_stays_the_registrys()
    {
        _certs.Write("docker.io/hosts.toml", "server = \"https://a.example\"\n\n[host.\"https://b.example\"]\n");

        _certs.Configure(s_all with { ReplaceExisting = true });

        _certs.Read("docker.io/hosts.toml").ShouldBe(
            "# peili: off: server = \"https://a.example\"\n\n# peili: off: [host.\"https://b.example\"]\n"
            + OurTable.Replace("[host.", "server = \"https://registry-1.docker.io\"\n[host.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_host_that_is_there_already_stays_as_it_is_and_is_told()
    {
        _certs.Write("docker.io/hosts.toml", "[host.\"http://m.example\"]\n  skip_verify = true\n");

        var edits = _certs.Plan(s_all with { Registries = ["docker.io"], Hosts = [CertsDirectory.Entry, new HostEntry("http://m.example")] });

        edits.Warnings.Single().ShouldStartWith($"{_certs.File("docker.io/hosts.toml")}:1:1: [host.\"http://m.example\"] is there already");
        edits.Files.Single().After.ShouldBe(OurTable + "[host.\"http://m.example\"]\n  skip_verify = true\n");
    }

    [Theory]
    [InlineData("[host]\n[host.\"http://m.example\"]\n")]
    [InlineData("[host.\"http://m.example\"]\n")]
    public void Without_upstream_a_host_that_is_there_already_becomes_the_last(string text)
    {
        _certs.Write("docker.io/hosts.toml", text);

        _certs.Configure(new HostsSettings { Registries = ["docker.io"], Hosts = [new HostEntry("http://m.example")], Upstream = false });

        _certs.Read("docker.io/hosts.toml").ShouldBe(
            $"# peili: begin. Written by peili-agent; `peili-agent cleanup` takes it out again.\nserver = \"http://m.example\"\n# peili: end.\n{text}");
    }

    [Fact]
    public void Another_folder_is_not_cleaned_up_with_the_backups_of_this_one()
    {
        _certs.Configure(s_all);
        var other = new HostsDirectory(_certs.File("other"), _certs.StatePath);

        Should.Throw<InvalidDataException>(() => other.Cleanup()).Message.ShouldContain(_certs.Path);
        Should.Throw<InvalidDataException>(() => other.Configure(s_all)).Message.ShouldContain(_certs.Path);

        _certs.Cleanup().Count.ShouldBe(1);
    }

    [Fact]
    public void A_capability_that_old_releases_refuse_is_told()
    {
        _certs.Write("docker.io/hosts.toml", "[host.\"http://m.example\"]\n  capabilities = [\"pull\", \"referrers\"]\n");

        _certs.Plan(s_all).Warnings.Single().ShouldContain("\"referrers\"");
    }

    [Theory]
    [InlineData("# peili: begin. Written by peili-agent; `peili-agent cleanup` takes it out again.\n", "")]
    [InlineData("# peili: end.\n", "")]
    [InlineData("# peili: end.", "# end")]
    public void Marks_that_were_damaged_are_no_loss(string mark, string replacement)
    {
        _certs.Write("docker.io/hosts.toml", CertsTrees.Mirror);
        _certs.Configure(s_all);
        var file = _certs.File("docker.io/hosts.toml");
        File.WriteAllText(file, File.ReadAllText(file).Replace(mark, replacement, StringComparison.Ordinal));

        var warning = _certs.Plan(s_all with { Hosts = [CertsDirectory.SecretEntry] }).Warnings.Single();
        var change = _certs.Cleanup().Single(change => change.Path == file);

        warning.ShouldContain("marks");
        change.Action.ShouldBe(HostsAction.TakenOut);
        change.Remark!.ShouldContain("marks");
        HostsDocument.Parse(file, File.ReadAllText(file)).Hosts.ShouldBe(["https://mirror.example"]);
        _certs.Read("docker.io/hosts.toml").ShouldNotContain("peili: ");
    }

    [Fact]
    public void The_folder_that_containerd_looks_into_first_is_written()
    {
        Directory.CreateDirectory(_certs.File("registry.example_5000_"));

        _certs.Configure(s_all with { Registries = ["registry.example:5000"] });

        _certs.Snapshot().Keys.ShouldBe(["registry.example_5000_", "registry.example_5000_/hosts.toml"]);
    }

    [Fact]
    public void A_link_stays_one()
    {
        _certs.Write("shared/hosts.toml", CertsTrees.Mirror);
        Directory.CreateDirectory(_certs.File("docker.io"));
        File.CreateSymbolicLink(_certs.File("docker.io/hosts.toml"), "../shared/hosts.toml");
        var before = _certs.Snapshot();

        _certs.Configure(s_all with { Registries = ["docker.io"] });

        new FileInfo(_certs.File("docker.io/hosts.toml")).LinkTarget.ShouldBe("../shared/hosts.toml");
        _certs.Read("shared/hosts.toml").ShouldContain(OurTable);
        _certs.Cleanup();
        _certs.Snapshot().ShouldBe(before);
    }

    [Fact]
    public void Folders_that_were_made_go_again()
    {
        Directory.Delete(_certs.Path);
        var certs = new HostsDirectory(Path.Combine(_certs.Path, "a/b"), _certs.StatePath);

        certs.Configure(s_all);
        File.Exists(Path.Combine(_certs.Path, "a/b/_default/hosts.toml")).ShouldBeTrue();
        certs.Cleanup();

        Directory.Exists(_certs.Path).ShouldBeFalse();
    }

    [Fact]
    public void A_folder_that_we_made_and_somebody_emptied_does_not_stay_to_hide_the_default()
    {
        _certs.Configure(s_all with { Registries = ["docker.io"] });
        File.Delete(_certs.File("docker.io/hosts.toml"));

        _certs.Cleanup();

        _certs.Snapshot().ShouldBeEmpty();
    }
}
