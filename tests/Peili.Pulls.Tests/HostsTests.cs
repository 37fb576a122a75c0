using System.Globalization;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Upstream;

namespace Peili.Pulls.Tests;

/// <summary>What <c>configure</c> writes, as one containerd version reads it: seen by the mirrors it names.</summary>
public abstract class HostsTests(RecordedCluster nodes)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task Every_registry_that_was_given_is_asked_of_the_agent_with_the_secret(int count)
    {
        await PrepareAsync();
        var registries = Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"registry{number}.test")).ToArray();
        await nodes.RunAsync("configure", registries.SelectMany(registry => (IEnumerable<string>)["--registry", registry]), Cancelled);

        foreach (var registry in registries)
        {
            await PullAsync(registry);
        }

        nodes.Agent.Requests.Select(request => request.Registry).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(registries.Order(StringComparer.Ordinal));
        await ShouldCarrySecretAsync();
        nodes.Node.Containerd.Log.ToString().ShouldNotContain("hosts.toml");
        (await nodes.Node.Containerd.PullAsync("other.test/app:v1", s_patience, Cancelled)).Succeeded.ShouldBeFalse();
    }

    [Fact]
    public async Task With_folders_that_were_there_every_registry_is_asked_of_the_agent_first_and_then_as_before()
    {
        await PrepareAsync();
        var other = $"[host.\"http://127.0.0.1:{RecordedCluster.OtherPort}\"]\n  capabilities = [\"pull\", \"resolve\"]\n";
        await nodes.WriteAsync("docker.io", "server = \"https://registry-1.docker.io\"\n", Cancelled);
        await nodes.WriteAsync("quay.test", $"# mine\r\nserver = \"https://quay.test\"\r\n\r\n[host]\r\n{other.ReplaceLineEndings("\r\n")}# end", Cancelled);
        await nodes.WriteAsync("registry.test_5000_", $"{other}  [host.\"http://127.0.0.1:{RecordedCluster.OtherPort}\".header]\n    authorization = \"Basic eDp5\"\n", Cancelled);
        Directory.CreateDirectory(Path.Combine(nodes.Node.Containerd.HostsDirectory, "empty.test"));
        var before = Snapshot();

        await nodes.RunAsync("configure", [], Cancelled);

        string[] registries = ["docker.io", "quay.test", "registry.test:5000", "empty.test", "unlisted.test"];
        foreach (var registry in registries)
        {
            await PullAsync(registry);
        }

        nodes.Agent.Requests.Select(request => request.Registry).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(registries.Order(StringComparer.Ordinal));
        nodes.Other.Requests.ShouldBeEmpty();
        foreach (var registry in new[] { "quay.test", "registry.test:5000" })
        {
            nodes.Other.Forget();
            var result = await nodes.Node.Containerd.PullAsync($"{registry}/missing{MirroredCluster.NextSeed()}:v1", s_patience, Cancelled);
            result.Succeeded.ShouldBeFalse();
            nodes.Other.Requests.ShouldNotBeEmpty();
            nodes.Other.Requests.ShouldAllBe(request => request.Registry == registry && !request.Headers.ContainsKey("X-Peili-Node"));
        }

        nodes.Other.Requests.ShouldAllBe(request => request.Headers["authorization"] == "Basic eDp5");
        await ShouldCarrySecretAsync();
        await nodes.RunAsync("cleanup", [], Cancelled);
        Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task Mirrors_are_asked_after_the_agent_and_with_their_headers()
    {
        await PrepareAsync();
        var configuration = Path.Combine(nodes.Node.Directory, "agent.yaml");
        await File.WriteAllTextAsync(
            configuration, $"mirror:\n- url: http://127.0.0.1:{RecordedCluster.OtherPort}\n  headers: {{x-site: \"a \\\"b\\\"\"}}\n  registries: [site.test]\n", Cancelled);
        await nodes.RunAsync("configure", ["--config", configuration], Cancelled);

        (await nodes.Node.Containerd.PullAsync("site.test/missing:v1", s_patience, Cancelled)).Succeeded.ShouldBeFalse();
        (await nodes.Node.Containerd.PullAsync("unlisted.test/missing:v1", s_patience, Cancelled)).Succeeded.ShouldBeFalse();

        nodes.Agent.Requests.Select(request => request.Registry).Distinct(StringComparer.Ordinal).ShouldBe(["site.test", "unlisted.test"]);
        nodes.Other.Requests.ShouldNotBeEmpty();
        nodes.Other.Requests.ShouldAllBe(request => request.Registry == "site.test" && request.Headers["x-site"] == "a \"b\"" && !request.Headers.ContainsKey("X-Peili-Node"));
    }

    [Fact]
    public async Task Certificates_of_hosts_that_were_there_and_of_mirrors_are_used()
    {
        await PrepareAsync();
        var url = $"https://127.0.0.1:{RecordedCluster.SecuredPort}";
        await nodes.WriteAsync("old.test", $"[host.\"{url}\"]\n  ca = \"{nodes.AuthorityFile}\"\n  client = [[\"{nodes.CertificateFile}\", \"{nodes.KeyFile}\"]]\n", Cancelled);
        var configuration = Path.Combine(nodes.Node.Directory, "agent.yaml");
        await File.WriteAllTextAsync(
            configuration, $"mirror:\n- url: {url}\n  ca: {nodes.AuthorityFile}\n  client-cert: {nodes.CertificateFile}\n  client-key: {nodes.KeyFile}\n  registries: [new.test]\n", Cancelled);
        await nodes.RunAsync("configure", ["--config", configuration], Cancelled);

        foreach (var registry in new[] { "old.test", "new.test" })
        {
            (await nodes.Node.Containerd.PullAsync($"{registry}/missing:v1", s_patience, Cancelled)).Succeeded.ShouldBeFalse();

            nodes.Secured.Requests.ShouldNotBeEmpty(nodes.Node.Containerd.Log.ToString());
            nodes.Secured.Requests.ShouldAllBe(request => request.Registry == registry);
            nodes.Secured.Forget();
        }

        await nodes.RunAsync("configure", ["--config", configuration, "--no-agent", "--no-upstream"], Cancelled);
        await PullAsync("new.test");
        nodes.Secured.Requests.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_upstream_what_no_mirror_has_is_not_found_and_upstream_is_not_asked(bool agent)
    {
        await PrepareAsync();
        var name = $"missing/app{MirroredCluster.NextSeed()}";
        var image = await nodes.Cluster.PublishAsync(new ImageRecipe { Seed = MirroredCluster.NextSeed() }, name, "v1", Cancelled);
        string[] options = agent ? ["--registry", UpstreamRegistry.Host] : ["--registry", UpstreamRegistry.Host, "--no-agent", "--mirror", $"http://127.0.0.1:{RecordedCluster.OtherPort}"];
        await nodes.RunAsync("configure", [.. options, "--no-upstream"], Cancelled);
        await nodes.Cluster.Upstream.ForgetRequestsAsync(Cancelled);

        var result = await nodes.Node.Containerd.PullAsync(image.ByTag, s_patience, Cancelled);

        result.Error.ShouldNotBeNull().ShouldContain("not found");
        (agent ? nodes.Agent : nodes.Other).Requests.ShouldNotBeEmpty();
        (await nodes.Cluster.Upstream.ReadRequestsAsync(Cancelled)).ShouldBeEmpty();
        await nodes.RunAsync("configure", options, Cancelled);
        (await nodes.Node.Containerd.PullAsync(image.ByTag, s_patience, Cancelled)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_replaced_is_no_longer_asked()
    {
        await PrepareAsync();
        await nodes.WriteAsync("quay.test", $"[host.\"http://127.0.0.1:{RecordedCluster.OtherPort}\"]\n", Cancelled);
        await nodes.RunAsync("configure", ["--replace-existing"], Cancelled);

        (await nodes.Node.Containerd.PullAsync("quay.test/missing:v1", s_patience, Cancelled)).Succeeded.ShouldBeFalse();

        nodes.Agent.Requests.ShouldNotBeEmpty();
        nodes.Other.Requests.ShouldBeEmpty();
    }

    private async Task PrepareAsync()
    {
        Assert.SkipWhen(nodes.WhyNot is not null, nodes.WhyNot ?? string.Empty);
        await nodes.ResetAsync(Cancelled);
    }

    private async Task PullAsync(string registry)
    {
        var result = await nodes.Node.Containerd.PullAsync($"{registry}/test/app:v{MirroredCluster.NextSeed()}", s_patience, Cancelled);
        result.Error.ShouldBeNull($"{registry}\n{nodes.Node.Containerd.Log}");
    }

    private async Task ShouldCarrySecretAsync()
    {
        var secret = (await File.ReadAllTextAsync(Path.Combine(nodes.StatePath, "registry.secret"), Cancelled)).Trim();
        nodes.Agent.Requests.ShouldAllBe(request => request.Headers["X-Peili-Node"] == secret);
    }

    private SortedDictionary<string, string> Snapshot()
    {
        var root = new DirectoryInfo(nodes.Node.Containerd.HostsDirectory);
        var files = root.EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .ToDictionary(entry => entry.FullName, entry => entry is DirectoryInfo ? "folder" : $"{entry.UnixFileMode} {File.ReadAllText(entry.FullName)}", StringComparer.Ordinal);
        return new SortedDictionary<string, string>(files, StringComparer.Ordinal);
    }
}
