using System.Text;
using System.Text.RegularExpressions;
using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

public sealed partial class HostsDirectoryTests : IDisposable
{
    private const string OurHost = "[host.\"http://127.0.0.1:29950\"]";

    private readonly CertsDirectory _certs = new();

    public static TheoryData<string, bool> Trees()
    {
        var rows = new TheoryData<string, bool>();
        foreach (var tree in CertsTrees.All.Keys)
        {
            rows.Add(tree, false);
            rows.Add(tree, true);
        }

        return rows;
    }

    public void Dispose() => _certs.Dispose();

    [Theory]
    [MemberData(nameof(Trees))]
    public void Configure_puts_our_host_first_and_cleanup_puts_everything_back(string tree, bool secret)
    {
        var (make, written) = CertsTrees.All[tree];
        make(_certs);
        var before = Directory.Exists(_certs.Path) ? _certs.Snapshot() : [];

        var changes = _certs.Configure(secret ? CertsDirectory.SecretEntry : null);

        changes.ShouldAllBe(change => change.Action == HostsAction.Written);
        changes.Select(change => change.Path).ShouldBe(written.Select(folder => _certs.File($"{folder}/hosts.toml")), ignoreOrder: true);
        foreach (var folder in written)
        {
            ShouldBeOurs(folder, before.GetValueOrDefault($"{folder}/hosts.toml"), secret);
        }

        _certs.Cleanup().Count.ShouldBe(written.Length);
        _certs.Snapshot().ShouldBe(before);
        Directory.GetFileSystemEntries(Path.Combine(_certs.StatePath, "hosts")).ShouldBeEmpty();
        _certs.Cleanup().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void Configure_a_second_time_writes_nothing(string tree, bool secret)
    {
        CertsTrees.All[tree].Make(_certs);
        var entry = secret ? CertsDirectory.SecretEntry : CertsDirectory.Entry;
        var changes = _certs.Configure(entry);
        var times = changes.ToDictionary(change => change.Path, change => File.GetLastWriteTimeUtc(change.Path));
        var open = changes.Select(change => File.OpenHandle(change.Path)).ToList();

        _certs.Configure(entry).ShouldBeEmpty();

        foreach (var (path, time) in times)
        {
            File.GetLastWriteTimeUtc(path).ShouldBe(time);
        }

        // A file that was replaced, even by an equal one, is gone for whoever still has it open.
        open.ForEach(file => new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget!.ShouldNotEndWith("(deleted)"));
        open.ForEach(file => file.Dispose());
    }

    [Fact]
    public void Only_the_registries_given_are_written()
    {
        _certs.Write("quay.io/hosts.toml", CertsTrees.Mirror);

        _certs.Configure(null, "docker.io", "ghcr.io").Count.ShouldBe(2);

        _certs.Snapshot().Keys.ShouldBe(["docker.io", "docker.io/hosts.toml", "ghcr.io", "ghcr.io/hosts.toml", "quay.io", "quay.io/hosts.toml"]);
        _certs.Read("docker.io/hosts.toml").ShouldStartWith("server = \"https://registry-1.docker.io\"\n");
        _certs.Read("quay.io/hosts.toml").ShouldBe(CertsTrees.Mirror);
    }

    [Fact]
    public void Certificates_that_docker_would_find_are_named()
    {
        CertsTrees.All["certificates without a hosts.toml, as docker has them"].Make(_certs);

        _certs.Configure();

        var written = _certs.Read("registry.example:5000/hosts.toml");
        written.ShouldContain("server = \"https://registry.example:5000\"\n");
        written.ShouldContain("ca = [\"ca.crt\"]\n");
        written.ShouldContain("client = [[\"client.cert\", \"client.key\"]]\n");
        _certs.Read("registry.example_5001_/hosts.toml").ShouldContain("server = \"https://registry.example:5001\"\n");
    }

    [Theory]
    [InlineData("docker.io", "registry-1.docker.io")]
    [InlineData("registry.example", "registry.example")]
    [InlineData("registry.example:5000", "registry.example:5000")]
    [InlineData("registry.example_5000_", "registry.example:5000")]
    [InlineData("registry_5000", "registry_5000")]
    [InlineData("registry_a_", "registry_a_")]
    [InlineData("registry__", "registry__")]
    [InlineData("_5000_", "_5000_")]
    [InlineData("_", "_")]
    public void A_folder_without_a_hosts_toml_keeps_its_registry_as_the_server(string folder, string server)
    {
        _certs.Configure(null, folder);

        _certs.Read($"{folder}/hosts.toml").ShouldStartWith($"server = \"https://{server}\"\n");
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void An_edit_in_between_survives_and_only_our_table_goes(string tree, bool secret)
    {
        const string Added = "[host.\"https://added.example\"]\n  skip_verify = true\n";
        var (make, written) = CertsTrees.All[tree];
        make(_certs);
        var entry = secret ? CertsDirectory.SecretEntry : CertsDirectory.Entry;
        _certs.Configure(entry);
        var edited = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in written)
        {
            var file = $"{folder}/hosts.toml";
            var text = _certs.Read(file);
            edited[file] = $"# by hand\n{OurTable().Replace(text, "")}\n{Added}";
            File.WriteAllText(_certs.File(file), $"# by hand\n{text}\n{Added}");
        }

        // The agent that goes on keeping the folder must not take the edit for its own.
        _certs.Configure(entry);
        foreach (var file in edited.Keys)
        {
            _certs.Read(file).ShouldContain(Added);
        }

        _certs.Cleanup();

        foreach (var (file, expected) in edited)
        {
            _certs.Read(file).ShouldBe(expected);
        }
    }

    [Fact]
    public void An_edit_inside_our_table_goes_with_it()
    {
        _certs.Write("docker.io/hosts.toml", CertsTrees.Mirror);
        _certs.Configure();
        var file = _certs.File("docker.io/hosts.toml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("dial_timeout = \"1s\"", "dial_timeout = \"9s\"", StringComparison.Ordinal));

        _certs.Cleanup().ShouldContain(new HostsChange(file, HostsAction.TakenOut));

        _certs.Read("docker.io/hosts.toml").ShouldBe(CertsTrees.Mirror);
    }

    [Fact]
    public void A_file_that_somebody_removed_meanwhile_stays_removed()
    {
        _certs.Write("docker.io/hosts.toml", CertsTrees.Mirror);
        _certs.Configure();
        File.Delete(_certs.File("docker.io/hosts.toml"));

        _certs.Cleanup();

        _certs.Snapshot().Keys.ShouldBe(["docker.io"]);
    }

    [Fact]
    public void A_wiped_folder_is_written_again()
    {
        _certs.Write("docker.io/hosts.toml", CertsTrees.Mirror);
        _certs.Configure();
        Directory.Delete(_certs.Path, recursive: true);

        _certs.Configure().ShouldBe([new HostsChange(_certs.File("_default/hosts.toml"), HostsAction.Written)]);

        _certs.Read("_default/hosts.toml").ShouldContain(OurHost);
        _certs.Cleanup();
        _certs.Snapshot().ShouldBeEmpty();
    }

    [Fact]
    public void A_registry_folder_that_appears_later_is_covered_too()
    {
        _certs.Configure();
        _certs.Write("quay.io/hosts.toml", CertsTrees.Mirror);

        _certs.Configure().ShouldBe([new HostsChange(_certs.File("quay.io/hosts.toml"), HostsAction.Written)]);
    }

    [Fact]
    public void A_secret_that_changes_is_replaced_and_what_was_before_us_comes_back()
    {
        CertsTrees.All["_default and registries"].Make(_certs);
        var before = _certs.Snapshot();
        _certs.Configure();
        _certs.Configure(CertsDirectory.SecretEntry with { Secret = "Zmlyc3Q" });

        _certs.Configure(CertsDirectory.SecretEntry with { Secret = "c2Vjb25k" }).Count.ShouldBe(3);

        var written = _certs.Read("docker.io/hosts.toml");
        written.ShouldContain("X-Peili-Node = \"c2Vjb25k\"");
        written.ShouldNotContain("Zmlyc3Q");
        OurTable().Count(written).ShouldBe(1);
        _certs.Cleanup();
        _certs.Snapshot().ShouldBe(before);
    }

    [Fact]
    public void What_a_crash_left_behind_is_swept()
    {
        CertsTrees.All["_default and registries"].Make(_certs);
        var before = _certs.Snapshot();
        _certs.Configure();
        _certs.Write(".peili-0123/hosts.toml", "half a");
        _certs.Write("docker.io/.peili-4567", "half a");

        _certs.Configure().ShouldBeEmpty();

        _certs.Snapshot().Keys.ShouldNotContain(path => path.Contains(".peili-", StringComparison.Ordinal));
        _certs.Cleanup();
        _certs.Snapshot().ShouldBe(before);
    }

    [Fact]
    public void A_crash_between_backup_and_write_loses_nothing()
    {
        CertsTrees.All["_default and registries"].Make(_certs);
        var before = _certs.Snapshot();
        _certs.Configure();
        foreach (var (path, description) in before.Where(entry => entry.Key.EndsWith("hosts.toml", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(_certs.File(path), Convert.FromHexString(description[(description.LastIndexOf(' ') + 1)..]));
        }

        _certs.Cleanup();
        _certs.Snapshot().ShouldBe(before);
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_named_and_nothing_is_lost()
    {
        CertsTrees.All["_default and registries"].Make(_certs);
        _certs.Write("latin.example/hosts.toml", Encoding.Latin1.GetBytes($"# Käse\n{CertsTrees.Mirror}"));
        var before = _certs.Snapshot();

        Should.Throw<InvalidDataException>(() => _certs.Configure()).Message.ShouldContain(_certs.File("latin.example/hosts.toml"));

        _certs.Snapshot()["latin.example/hosts.toml"].ShouldBe(before["latin.example/hosts.toml"]);
        _certs.Cleanup();
        _certs.Snapshot().ShouldBe(before);
    }

    [Fact]
    public void A_file_that_was_made_unreadable_as_UTF_8_meanwhile_is_named_and_left()
    {
        _certs.Write("docker.io/hosts.toml", CertsTrees.Mirror);
        _certs.Configure();
        byte[] edited = [.. File.ReadAllBytes(_certs.File("docker.io/hosts.toml")), 0xff];
        _certs.Write("docker.io/hosts.toml", edited);

        var left = _certs.Cleanup().Single(change => change.Action == HostsAction.Left);

        left.Path.ShouldBe(_certs.File("docker.io/hosts.toml"));
        left.Remark!.ShouldContain("UTF-8");
        File.ReadAllBytes(_certs.File("docker.io/hosts.toml")).ShouldBe(edited);
    }

    [Fact]
    public void There_is_never_a_moment_without_the_hosts_that_were_there()
    {
        _certs.Write("docker.io/hosts.toml", CertsTrees.Mirror);
        using var stop = new CancellationTokenSource();
        var reads = 0;
        var reading = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    File.ReadAllText(_certs.File("docker.io/hosts.toml")).ShouldContain(CertsTrees.Mirror);
                    reads++;
                }
            },
            TestContext.Current.CancellationToken);

        SpinWait.SpinUntil(() => Volatile.Read(ref reads) > 0 || reading.IsCompleted, TimeSpan.FromSeconds(60)).ShouldBeTrue();
        for (var round = 0; round < 50; round++)
        {
            _certs.Configure(round % 2 == 0 ? CertsDirectory.SecretEntry : CertsDirectory.Entry);
            _certs.Cleanup();
        }

        stop.Cancel();
        Should.NotThrow(reading);
    }

    private void ShouldBeOurs(string folder, string? before, bool secret)
    {
        var text = _certs.Read($"{folder}/hosts.toml");
        TableHeader().Match(text).Groups["header"].Value.ShouldBe(OurHost);
        OurTable().Count(text).ShouldBe(1);
        text.Contains("X-Peili-Node = \"c2VjcmV0\"", StringComparison.Ordinal).ShouldBe(secret);
        if (secret)
        {
            File.GetUnixFileMode(_certs.File($"{folder}/hosts.toml")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        if (before is not null)
        {
            var original = Encoding.UTF8.GetString(Convert.FromHexString(before[(before.LastIndexOf(' ') + 1)..]));
            var rest = OurTable().Replace(text, "");
            rest.ShouldBeOneOf(original, original + "\n");
        }
    }

    /// <summary>Table headers alone: a line of an array goes on with another bracket or a quote.</summary>
    [GeneratedRegex(@"^[ \t]*(?<header>\[[a-z][^\r\n]*\])", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TableHeader();

    [GeneratedRegex("# peili: begin.*?# peili: end\\.\n", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex OurTable();
}
