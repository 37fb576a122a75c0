using System.Text.Json.Nodes;
using Peili.Flavors;
using Peili.Kubectl.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Operations;

namespace Peili.Kubectl.Tests.Cluster;

/// <summary><c>kubectl peili</c>, found and run by a real kubectl, on a real API server.</summary>
public sealed class PluginTests : IClassFixture<Scene>
{
    private static readonly LocateReport s_located = new("docker.io/library/redis:7", true, [new HolderReport("node-a", "10.0.0.1:29951", "", true, true), new HolderReport("node-b", "10.0.0.2:29951", "a", true, null)]);

    private static readonly CheckReport s_checked = new()
    {
        Flavor = "eks-al2023",
        FlavorTitle = "EKS",
        ContainerdVersion = "1.7.24",
        Verdict = FlavorVerdict.Compatible,
        Socket = "/run/containerd/containerd.sock",
        ConfigFiles = [],
        ConfigPath = "/etc/containerd/certs.d",
        Findings = [],
    };

    private readonly Scene _scene;

    public PluginTests(Scene scene)
    {
        Assert.SkipWhen(ControlPlanePrograms.WhyNot is not null, ControlPlanePrograms.WhyNot ?? "");
        _scene = scene;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_says_at_a_glance_what_is_wrong_and_what_to_do()
    {
        var status = await RunAsync("peili", "status");
        status.ExitCode.ShouldBe(1, status.Error);
        status.Output.ShouldContain("2 of 2 replicas ready; peili-operator-7c9 leads since");
        status.Output.ShouldContain("2 of 2 pods ready");
        status.Output.ShouldContain("5 GiB came from other nodes");
        status.Output.ShouldMatch(@"default +False +3 +1 +1 +\d+s +Degraded");
        status.Output.ShouldMatch(@"eks-al2023 +NeedsConfiguration +1 +0");
        status.Output.ShouldContain("Node node-b does not mirror, LayersDiscarded. discard_unpacked_layers is on Set it to false.");
        status.Output.ShouldContain("What to do: kubectl peili check node-b");
        status.Output.ShouldContain("Node node-c does not mirror, and cannot.");
        status.Output.ShouldNotContain("\e[");
        JsonNode.Parse((await RunAsync("peili", "status", "-o", "json")).Output)!["problems"]!.AsArray().Count(problem => (bool)problem!["isWrong"]!).ShouldBe(1);
    }

    [Fact]
    public async Task Nodes_are_a_table_and_filtered_and_for_programs()
    {
        var nodes = await RunAsync("peili", "nodes");
        nodes.ExitCode.ShouldBe(1, nodes.Error);
        nodes.Output.ShouldMatch(@"node-a +kubeadm +Compatible +True +Mirroring +2 +5 GiB");
        nodes.Output.ShouldNotContain("10.0.0.1:29951");
        (await RunAsync("peili", "nodes", "-o", "wide")).Output.ShouldContain("10.0.0.1:29951");
        var wrong = (await RunAsync("peili", "nodes", "--wrong", "-o", "json")).Output;
        JsonNode.Parse(wrong)!.AsArray().Select(node => (string?)node!["metadata"]!["name"]).ShouldBe(["node-b", "node-c"]);
        (await RunAsync("peili", "nodes", "--mirror", "other")).Output.ShouldContain("none of the 3 nodes");
        (await RunAsync("peili", "nodes", "-o", "yaml")).Output.ShouldContain("verdict: \"NeedsConfiguration\"");
    }

    [Fact]
    public async Task Watched_nodes_are_shown_again_when_they_change()
    {
        using var watch = Plugin.Start(_scene.KubeConfig, "peili", "nodes", "-o", "wide", "--watch", "--interval", "0.2");
        try
        {
            await LineAsync(line => line.StartsWith("node-c", StringComparison.Ordinal));
            await _scene.ChangeDigestsAsync("node-a", 4711);
            await LineAsync(line => line.Contains(" + node-a", StringComparison.Ordinal) && line.Contains("4711", StringComparison.Ordinal));
        }
        finally
        {
            watch.Kill();
        }

        async Task LineAsync(Func<string, bool> isIt)
        {
            while (await watch.StandardOutput.ReadLineAsync(Cancellation) is { } line)
            {
                if (isIt(line))
                {
                    return;
                }
            }

            Assert.Fail(await watch.StandardError.ReadToEndAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Locate_asks_another_agent_where_one_cannot_be_reached()
    {
        using var agent = new AgentStandIn(s_located).Forwarding(broken: "agent-a");
        var located = await Plugin.RunAsync(_scene.KubeConfig, agent.Folder, "peili", "locate", "redis:7");
        located.ExitCode.ShouldBe(0, located.Error);
        agent.Questions.ShouldBe(["/locate?ref=redis%3A7"]);
        located.Output.ShouldMatch(@"node-a +10\.0\.0\.1:29951 +yes");
        located.Output.ShouldMatch(@"node-b +10\.0\.0\.2:29951 +a +does not answer");
    }

    [Fact]
    public async Task Locate_says_why_no_agent_could_be_asked()
    {
        using var agent = new AgentStandIn(s_located).Forwarding("agent-a", "agent-b");
        var located = await Plugin.RunAsync(_scene.KubeConfig, agent.Folder, "peili", "locate", "redis:7");
        located.ExitCode.ShouldBe(3);
        located.Error.ShouldContain("error: pod/agent-a cannot be reached");
        located.Error.ShouldContain("kubectl port-forward");
    }

    [Fact]
    public async Task Check_has_the_findings_of_the_operator_where_the_agent_does_not_answer()
    {
        using var agent = new AgentStandIn().Forwarding("agent-b");
        var check = await Plugin.RunAsync(_scene.KubeConfig, agent.Folder, "peili", "check", "node-b");
        check.ExitCode.ShouldBe(1, check.Error);
        check.Output.ShouldContain("as the operator saw them last: kubectl port-forward to pod agent-b ended: error: pod/agent-b cannot be reached");
        check.Output.ShouldContain("LayersDiscarded  /etc/containerd/config.toml:3");
        check.Output.ShouldContain("  What to do: Set it to false.\n      [plugins]\n        discard = false\n");
        (await RunAsync("peili", "check", "node-c")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Check_asks_the_nodes_agent_when_it_answers()
    {
        using var agent = new AgentStandIn(checkedNow: s_checked).Forwarding();
        var check = await Plugin.RunAsync(_scene.KubeConfig, agent.Folder, "peili", "check", "node-b", "-o", "json");
        var json = JsonNode.Parse(check.Output)!;
        ((string?)json["verdict"]).ShouldBe("Compatible");
        ((bool?)json["isLive"]).ShouldBe(true);
        json["findings"]!.AsArray().ShouldBeEmpty();
        (await Plugin.RunAsync(_scene.KubeConfig, agent.Folder, "peili", "check", "node-b")).Output.ShouldContain("The operator still says NeedsConfiguration");
    }

    [Fact]
    public async Task Bundle_has_everything_but_secrets_and_says_what_it_could_not_have()
    {
        using var agent = new AgentStandIn(checkedNow: s_checked).Forwarding(broken: "agent-b");
        var path = Path.Combine(agent.Folder, "support.tar.gz");
        var bundle = await Plugin.RunAsync(_scene.KubeConfig, agent.Folder, "peili", "bundle", "--file", path);
        bundle.ExitCode.ShouldBe(0, bundle.Error);
        bundle.Output.ShouldContain("not in it: agents/node-b");

        var files = await Unpacked.ReadAsync(path);
        foreach (var (name, text) in files)
        {
            text.ShouldNotContain(Scene.Marker, customMessage: name);
            text.ShouldNotContain("MARKER", customMessage: name);
        }

        files["support/resources/registrymirrors.json"].ShouldContain("HTTPS_PROXY");
        files["support/resources/nodemirrorstatuses.json"].ShouldContain("LayersDiscarded");
        files["support/resources/pods.json"].ShouldContain("agent-b");
        files["support/agents/node-a/check.json"].ShouldContain("eks-al2023");
        files["support/agents/node-a/metrics.txt"].ShouldContain("peili_agent_ready 1");
        files["support/status.txt"].ShouldContain("kubectl peili check node-b");
        files.Keys.ShouldNotContain(name => name.Contains("secret", StringComparison.OrdinalIgnoreCase));

        var manifest = JsonNode.Parse(files["support/manifest.json"])!;
        manifest["files"]!.AsArray().Select(file => $"support/{file!["path"]}").Append("support/manifest.json").ShouldBe(files.Keys, ignoreOrder: true);
        var missing = manifest["missing"]!.AsArray().ToDictionary(file => (string)file!["path"]!, file => (string)file!["why"]!);
        missing["agents/node-b"].ShouldContain("cannot be reached");
        missing.Keys.ShouldContain("logs/agent-a/agent.log", "there is no kubelet that would have it");
        ((string?)manifest["kubernetes"]).ShouldStartWith("v");
    }

    [Fact]
    public async Task Whoever_may_view_a_cluster_sees_the_status_and_what_else_it_would_take()
    {
        await Command.RunAsync("kubectl", ["--kubeconfig", _scene.KubeConfig, "apply", "-f", Checkout.PathOf("config", "rbac", "viewer_role.yaml")], "", Cancellation);
        var viewer = await _scene.KubeConfigOfAsync("viewer", "peili-viewer");
        var status = await Plugin.RunAsync(viewer, null, "peili", "status");
        status.ExitCode.ShouldBe(1, status.Error);
        status.Output.ShouldContain("kubectl peili check node-b");
        status.Output.ShouldContain("could not be read: the operator's Deployment");
        (await Plugin.RunAsync(viewer, null, "peili", "nodes")).Output.ShouldContain("node-c");

        var nobody = await Plugin.RunAsync(await _scene.KubeConfigOfAsync("nobody", null), null, "peili", "status");
        nobody.ExitCode.ShouldBe(3);
        nobody.Error.ShouldContain("forbidden");
        nobody.Error.ShouldContain("peili-viewer");
    }

    [Fact]
    public async Task Shells_complete_commands_nodes_and_RegistryMirrors()
    {
        (await CompleteAsync("")).ShouldBe(["bundle", "check", "locate", "nodes", "status", "version"]);
        (await CompleteAsync("check", "")).ShouldBe(["node-a", "node-b", "node-c"]);
        (await CompleteAsync("check", "node-b")).ShouldBe(["node-b"]);
        (await CompleteAsync("nodes", "--mirror", "")).ShouldBe(["default"]);
        (await CompleteAsync("nodes", "--wr")).ShouldBe(["--wrong"]);
        (await CompleteAsync("nodes", "--output", "w")).ShouldBe(["wide"]);

        // kubectl itself, as the shell's completion calls it; those before 1.26 know nothing of plugins.
        var kubectl = await RunAsync("__complete", "peili", "check", "node-b");
        if ((await RunAsync("version", "--client")).Output is var version && !version.Contains("v1.20", StringComparison.Ordinal))
        {
            kubectl.Output.ShouldBe("node-b\n:4\n", kubectl.Error);
        }
    }

    [Theory]
    [InlineData("no is no command", "no")]
    [InlineData("--request-timeout must be a duration", "status", "--request-timeout", "5")]
    [InlineData("--output must be one of", "nodes", "-o", "xml")]
    [InlineData("--max-agents must be a whole number", "bundle", "--max-agents", "-1")]
    public async Task Wrong_options_are_named(string message, params string[] arguments)
    {
        var refused = await RunAsync(["peili", .. arguments]);
        refused.ExitCode.ShouldBe(64);
        refused.Error.ShouldContain(message);
    }

    [Fact]
    public async Task What_does_not_exist_is_named_with_what_to_do()
    {
        var context = await RunAsync("peili", "status", "--context", "staging");
        context.ExitCode.ShouldBe(3);
        context.Error.ShouldContain("\"staging\"");
        var node = await RunAsync("peili", "check", "node-z");
        node.ExitCode.ShouldBe(3);
        node.Error.ShouldContain("kubectl peili nodes lists");
        var elsewhere = await RunAsync("peili", "status", "--namespace", "elsewhere");
        elsewhere.ExitCode.ShouldBe(1);
        elsewhere.Output.ShouldContain("There is no operator in namespace elsewhere");
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => Plugin.RunAsync(_scene.KubeConfig, null, arguments);

    private async Task<string[]> CompleteAsync(params string[] words)
    {
        var answer = await Command.RunAsync(
            "env", [$"KUBECONFIG={_scene.KubeConfig}", $"PATH={AppContext.BaseDirectory}:/usr/bin:/bin", "kubectl_complete-peili", .. words], "", Cancellation);
        var lines = answer.OutputOrThrow("kubectl_complete-peili").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[^1].ShouldBe(":4");
        return [.. lines[..^1].Select(line => line.Split('\t')[0]).Where(word => !word.StartsWith('-') || words[^1].StartsWith('-')).Order(StringComparer.Ordinal)];
    }
}
