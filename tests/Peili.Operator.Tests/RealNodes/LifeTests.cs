using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Peili.Kubectl.Tests.Support;
using Peili.LocalCluster.Images;

namespace Peili.Operator.Tests.RealNodes;

/// <summary>What happens to an installation in its life, on real nodes.</summary>
public sealed class LifeTests(SharedRealCluster shared, ITestOutputHelper output) : IClassFixture<SharedRealCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_joins_is_taken_and_one_that_leaves_the_selector_is_as_before()
    {
        var cluster = await shared.GetAsync();
        var joined = await cluster.Kubernetes.AddNodeAsync(cancellationToken: Cancellation);
        await cluster.KubectlAsync("wait", "--for=condition=Ready", $"node/{joined.Name}", "--timeout=300s");
        await StatusIsReadyAsync(cluster, joined.Name);
        cluster.ReadHosts(joined).ShouldContain(file => file.Contains("_default", StringComparison.Ordinal) && file.Contains("peili-agent", StringComparison.Ordinal));

        await cluster.KubectlAsync("label", "node", "--all", "pool=mirrored");
        await cluster.KubectlAsync("label", "node", joined.Name, "pool-");
        await cluster.ApplyMirrorAsync("default", new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "mirrored" } });
        await RealCluster.IsTrueAsync(async () => (await cluster.KubectlAsync("get", "node", joined.Name, "--show-labels")).Contains("peili.dev", StringComparison.Ordinal) == false, "it is left");
        await RealCluster.IsTrueAsync(async () => await PodsOnAsync(cluster, joined.Name) == 0, "its agent goes");
        await RealCluster.IsTrueAsync(
            async () => (await cluster.KubectlAsync("get", "nodemirrorstatus", "-o", "name")).Contains(joined.Name, StringComparison.Ordinal) == false, "its status goes");
        cluster.ReadHosts(joined).ShouldAllBe(file => !file.Contains("_default", StringComparison.Ordinal) && !file.Contains("peili-agent", StringComparison.Ordinal));

        await cluster.Kubernetes.RemoveNodeAsync(joined, Cancellation);
        await cluster.ApplyMirrorAsync("default");
        await cluster.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_drained_node_keeps_its_agent_and_serves_the_others()
    {
        var cluster = await shared.GetAsync();
        var drained = cluster.Nodes[0];
        var image = await cluster.Machines.PublishAsync(ImageRecipe.OneLayer(seed: 77, 1_000_000), "team/drained", "v1", Cancellation);
        await cluster.PullAsync(0, image.ByTag);
        await cluster.KubectlAsync("drain", drained.Name, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=120s");
        await cluster.Machines.Upstream.StopAsync();
        await cluster.PullAsync(1, image.ByTag);
        await cluster.Machines.Upstream.StartAsync(Cancellation);
        (await PodsOnAsync(cluster, drained.Name)).ShouldBe(1);
        await cluster.KubectlAsync("wait", "--for=condition=Ready", $"nodemirrorstatus/{drained.Name}", "--timeout=60s");
        await cluster.KubectlAsync("uncordon", drained.Name);
    }

    [Fact]
    public async Task The_kubectl_of_this_servers_time_does_what_the_newest_does()
    {
        var cluster = await shared.GetAsync();
        (await cluster.OldKubectlAsync("", "version", "--client")).ShouldContain("v1.20");
        (await cluster.OldKubectlAsync("", "explain", "registrymirror.spec.resolveTags")).ShouldContain("DESCRIPTION");
        (await cluster.OldKubectlAsync("", "get", "peili")).ShouldContain("nodemirrorstatus");
        (await cluster.OldKubectlAsync("", "wait", "--for=condition=Ready", "registrymirror/default", "--timeout=60s")).ShouldContain("condition met");
        var mirror = await cluster.OldKubectlAsync("", "get", "registrymirror", "default", "-o", "json");
        var applied = new JsonObject
        {
            ["apiVersion"] = "peili.dev/v1alpha1",
            ["kind"] = "RegistryMirror",
            ["metadata"] = new JsonObject { ["name"] = "default" },
            ["spec"] = new JsonObject { ["resolveTags"] = (string?)JsonNode.Parse(mirror)!["spec"]!["resolveTags"] },
        };
        (await cluster.OldKubectlAsync(applied.ToJsonString(), "apply", "--server-side", "--force-conflicts", "-f", "-")).ShouldContain("serverside-applied");
        await cluster.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task The_kubectl_plugin_says_how_things_are_and_bundles_them_without_secrets()
    {
        var cluster = await shared.GetAsync();
        var image = await cluster.Machines.PublishAsync(ImageRecipe.OneLayer(seed: 78, 1_000_000), "team/located", "v1", Cancellation);
        await cluster.PullAsync(0, image.ByTag);
        (await cluster.PluginAsync("status")).OutputOrThrow("status").ShouldContain("Nothing is wrong.");
        (await cluster.PluginAsync("locate", image.ByTag)).OutputOrThrow("locate").ShouldMatch($@"{cluster.Nodes[0].Name} .*yes");
        (await cluster.PluginAsync("locate", "upstream.test:5000/team/nowhere:v1")).ExitCode.ShouldBe(1);
        var check = (await cluster.PluginAsync("check", cluster.Nodes[1].Name)).OutputOrThrow("check");
        check.ShouldContain("live, from the agent");
        check.ShouldContain("The node mirrors; nothing is to be done.");

        var path = Path.Combine(cluster.Machines.Directory, "support.tar.gz");
        (await cluster.PluginAsync("bundle", "--file", path)).OutputOrThrow("bundle").ShouldNotContain("not in it");
        var files = await Unpacked.ReadAsync(path);
        foreach (var node in cluster.Nodes)
        {
            JsonNode.Parse(files[$"support/agents/{node.Name}/status.json"])!["nodeName"]!.ToString().ShouldBe(node.Name);
            files[$"support/agents/{node.Name}/metrics.txt"].ShouldContain("peili_agent_");
        }

        // The replica that stands by may have nothing to say.
        string[] logs = [.. files.Where(file => file.Key.StartsWith("support/logs/peili-operator", StringComparison.Ordinal)).Select(file => file.Value)];
        logs.Length.ShouldBeGreaterThanOrEqualTo(2);
        logs.ShouldContain(log => log.Contains("level=", StringComparison.Ordinal));
        var secrets = await SecretsAsync(cluster);
        secrets.Count.ShouldBeGreaterThan(20);
        foreach (var (name, text) in files)
        {
            secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty(name);
        }
    }

    [Fact]
    public async Task When_the_leading_operator_is_killed_the_other_takes_over_and_finishes()
    {
        var cluster = await shared.GetAsync();
        var leader = await LeaderAsync(cluster);
        var pod = leader[..leader.IndexOf('_', StringComparison.Ordinal)];
        var revision = await RevisionAsync(cluster);
        var killed = DateTimeOffset.UtcNow;
        await KillAsync(cluster, pod);
        await cluster.ApplyMirrorAsync("default", new JsonObject { ["agent"] = new JsonObject { ["logLevel"] = "Debug" } });
        await RealCluster.IsTrueAsync(async () => await LeaderAsync(cluster) is { Length: > 0 } next && next != leader, "another one leads");
        var acquired = DateTimeOffset.Parse(
            await cluster.KubectlAsync("get", "lease", "-n", "peili-system", "peili-operator", "-o", "jsonpath={.spec.acquireTime}"), CultureInfo.InvariantCulture);
        output.WriteLine($"took over after {(acquired - killed).TotalSeconds:0.0} s");
        (acquired - killed).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        await RealCluster.IsTrueAsync(async () => await RevisionAsync(cluster) != revision, "the change is rolled out");
        await cluster.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task No_pull_fails_while_a_new_revision_is_rolled_out_and_a_broken_one_stops_at_the_first_node()
    {
        var cluster = await shared.GetAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var pulling = PullAllTheTimeAsync(cluster, "upgrade", stop.Token);
        var revision = await RevisionAsync(cluster);
        const string upgrade = "peili.test/peili-agent:next";
        foreach (var node in cluster.Nodes)
        {
            (await node.Containerd.RunCtrAsync(["images", "tag", "--force", "peili.dev/peili-agent:0.1.0", upgrade], Cancellation)).OutputOrThrow("ctr images tag");
        }

        await cluster.ApplyMirrorAsync("default", new JsonObject { ["agent"] = new JsonObject { ["image"] = upgrade } });
        await RealCluster.IsTrueAsync(async () => await RevisionAsync(cluster) != revision, "the change is rolled out");
        await cluster.KubectlAsync("rollout", "status", "-n", "peili-system", "daemonset/peili-default-unknown", "--timeout=300s");
        await cluster.WaitUntilReadyAsync();
        (await PodsAsync(cluster)).Select(pod => (string?)pod!["spec"]!["containers"]![0]!["image"]).ShouldAllBe(image => image == upgrade);

        await cluster.ApplyMirrorAsync("default", new JsonObject { ["agent"] = new JsonObject { ["image"] = "upstream.test:5000/no/such:1" } });
        await cluster.KubectlAsync("wait", "--for=condition=Degraded", "registrymirror/default", "--timeout=300s");
        var degraded = await cluster.KubectlAsync("get", "registrymirror", "default", "-o", """jsonpath={.status.conditions[?(@.type=="Degraded")]}""");
        degraded.ShouldContain("RolloutStopped");
        degraded.ShouldContain("node");
        (await PodsAsync(cluster)).Count(pod => IsReady(pod!)).ShouldBe(2);

        await cluster.ApplyMirrorAsync("default");
        await cluster.WaitUntilReadyAsync();
        await stop.CancelAsync();
        output.WriteLine($"{await pulling} pulls, none failed");
    }

    [Fact]
    public async Task CA_and_keys_are_rotated_while_nodes_pull()
    {
        var cluster = await shared.GetAsync();
        var before = await AuthorityAsync(cluster);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var pulling = PullAllTheTimeAsync(cluster, "rotation", stop.Token);
        var begun = Stopwatch.GetTimestamp();
        await cluster.KubectlAsync("annotate", "secret", "-n", "peili-system", "peili-ca", $"peili.dev/rotate={Guid.NewGuid():N}");

        // kubelet brings a changed Secret to its pods every minute or so, and there are three changes.
        for (var now = before; now == before || now.Split("BEGIN").Length > 2; now = await AuthorityAsync(cluster))
        {
            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromMinutes(10));
            await Task.Delay(1000, Cancellation);
        }

        output.WriteLine($"rotated after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
        await cluster.WaitUntilReadyAsync();
        await stop.CancelAsync();
        output.WriteLine($"{await pulling} pulls, none failed");
    }

    [Fact]
    public async Task The_API_server_is_away_for_two_minutes_during_a_rollout_and_pulls_go_on()
    {
        var cluster = await shared.GetAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var pulling = PullAllTheTimeAsync(cluster, "outage", stop.Token);
        var revision = await RevisionAsync(cluster);
        await cluster.ApplyMirrorAsync("default", new JsonObject { ["agent"] = new JsonObject { ["logLevel"] = "Error" } });
        await RealCluster.IsTrueAsync(async () => await RevisionAsync(cluster) != revision, "the rollout has begun");
        await cluster.Kubernetes.StopApiServerAsync();
        await Task.Delay(TimeSpan.FromMinutes(2), Cancellation);
        await cluster.Kubernetes.StartApiServerAsync(Cancellation);
        await cluster.KubectlAsync("rollout", "status", "-n", "peili-system", "daemonset/peili-default-unknown", "--timeout=300s");
        await cluster.WaitUntilReadyAsync();
        await stop.CancelAsync();
        output.WriteLine($"{await pulling} pulls, none failed");
    }

    /// <summary>Every node in turn pulls an image that another one has, over and over.</summary>
    private static async Task<int> PullAllTheTimeAsync(RealCluster cluster, string name, CancellationToken cancellationToken)
    {
        var pulls = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var image = await cluster.Machines.PublishAsync(ImageRecipe.OneLayer(seed: HashCode.Combine(name, pulls), 1_000_000), $"team/{name}", $"v{pulls}", Cancellation);
            for (var node = 0; node < 3; node++)
            {
                var pull = await cluster.Nodes[(node + pulls) % 3].Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);
                pull.Succeeded.ShouldBeTrue(pull.Error);
                pulls++;
            }

            await Task.Delay(1000, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return pulls;
    }

    /// <summary>Every line of every value of every Secret, plain and as the API has it, and what each containerd proves itself to its agent with.</summary>
    private static async Task<IReadOnlyCollection<string>> SecretsAsync(RealCluster cluster)
    {
        const int Shortest = 16;
        var values = JsonNode.Parse(await cluster.KubectlAsync("get", "secrets", "-n", "peili-system", "-o", "json"))!["items"]!.AsArray()
            .SelectMany(secret => secret!["data"]!.AsObject()).Select(value => (string)value.Value!);
        return
        [
            .. values.SelectMany(value => Encoding.UTF8.GetString(Convert.FromBase64String(value)).Split('\n').Append(value))
                .Concat(cluster.Nodes.Select(node => File.ReadAllText(Path.Combine(node.Directory, "var/lib/peili/registry.secret"))))
                .Select(line => line.Trim()).Where(line => line.Length >= Shortest && !line.StartsWith("-----", StringComparison.Ordinal)),
        ];
    }

    private static async Task StatusIsReadyAsync(RealCluster cluster, string node)
    {
        await RealCluster.IsTrueAsync(async () => (await cluster.KubectlAsync("get", "nodemirrorstatus", "-o", "name")).Contains(node, StringComparison.Ordinal), $"{node} has a status");
        await cluster.KubectlAsync("wait", "--for=condition=Ready", $"nodemirrorstatus/{node}", "--timeout=300s");
    }

    /// <summary>Kills a pod's process, which so cannot give its lease back.</summary>
    private static async Task KillAsync(RealCluster cluster, string pod)
    {
        var (node, container) = (await PodFieldAsync("{.spec.nodeName}"), await PodFieldAsync("{.status.containerStatuses[0].containerID}"));
        (await cluster.Nodes.Single(each => each.Name == node).Containerd.RunCtrAsync(["tasks", "kill", "--signal", "SIGKILL", container["containerd://".Length..]], Cancellation))
            .OutputOrThrow("ctr tasks kill");

        Task<string> PodFieldAsync(string path) => cluster.KubectlAsync("get", "pod", "-n", "peili-system", pod, "-o", $"jsonpath={path}");
    }

    private static Task<string> LeaderAsync(RealCluster cluster) => cluster.KubectlAsync("get", "lease", "-n", "peili-system", "peili-operator", "-o", "jsonpath={.spec.holderIdentity}");

    private static Task<string> RevisionAsync(RealCluster cluster) => cluster.KubectlAsync("get", "daemonset", "-n", "peili-system", "peili-default-unknown", "-o", "jsonpath={.metadata.generation}");

    private static Task<string> AuthorityAsync(RealCluster cluster) => cluster.DecodedAsync("secret", "peili-agent", "ca\\.crt");

    private static async Task<JsonArray> PodsAsync(RealCluster cluster) =>
        JsonNode.Parse(await cluster.KubectlAsync("get", "pods", "-n", "peili-system", "-l", "app.kubernetes.io/name=peili-agent", "-o", "json"))!["items"]!.AsArray();

    private static async Task<int> PodsOnAsync(RealCluster cluster, string node) => (await PodsAsync(cluster)).Count(pod => (string?)pod!["spec"]!["nodeName"] == node);

    private static bool IsReady(JsonNode pod) => pod["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") == true;
}
