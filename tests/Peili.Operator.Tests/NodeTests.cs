using System.Text.Json.Nodes;
using Peili.Containerd.Tests.Support;
using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Operator.Resources;
using Peili.Operator.Tests.Support;

namespace Peili.Operator.Tests;

/// <summary>What a user sees of nodes, on a real API server.</summary>
public sealed class NodeTests(SharedControlPlane shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_startup_taint_goes_when_the_agent_serves_and_where_there_will_be_none()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.ApplyAsync("default", new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "one" } });
        var waiting = await scene.AddNodeAsync("waiting", isTainted: true, notReady: "containerd's images are not listed yet", labels: ("pool", "one"));
        await scene.AddNodeAsync("serving", isTainted: true, labels: ("pool", "one"));
        await scene.AddNodeAsync("unsupported", runtime: "cri-o://1.30.0", isTainted: true, labels: ("pool", "one"));
        await scene.AddNodeAsync("unselected", isTainted: true);

        foreach (var name in new[] { "serving", "unsupported", "unselected" })
        {
            await Eventually.IsTrueAsync(async () => (await scene.NodeAsync(name))!.HasStartupTaint == false, $"the taint of {name} goes");
        }

        (await scene.NodeAsync("waiting"))!.HasStartupTaint.ShouldBeTrue();
        await Eventually.IsTrueAsync(async () => (await ReadyAsync(scene, "waiting"))?.Reason == "AgentNotReady", "its agent is asked");
        waiting.Change(agent => agent.NotReady = "");
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("waiting"))!.HasStartupTaint == false, "the taint goes");
        await scene.EventAsync("AgentReady", "waiting");
        await scene.EventAsync("Unsupported", "unsupported");
        await scene.EventAsync("NotSelected", "unselected");
    }

    [Fact]
    public async Task Pods_wait_for_an_agent_that_does_not_serve_for_five_minutes_and_no_longer()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.ApplyAsync("default");
        await scene.AddNodeAsync("a", isTainted: true, notReady: "containerd's images are not listed yet");
        await Eventually.IsTrueAsync(async () => (await scene.StatusAsync("a"))?.Status?.Conditions.Any(condition => condition is { Type: "Ready", Reason: "AgentNotReady" }) == true, "the agent was asked");
        scene.Time.Leap(TimeSpan.FromMinutes(4.5));
        await scene.KubectlAsync("annotate", "node", "a", "looked=again");
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        (await scene.NodeAsync("a"))!.HasStartupTaint.ShouldBeTrue();

        scene.Time.Leap(TimeSpan.FromMinutes(0.5));
        await scene.KubectlAsync("annotate", "node", "a", "looked=once-more", "--overwrite");
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("a"))!.HasStartupTaint == false, "the taint goes");
        await scene.EventAsync("WaitedLongEnough", "a", "Warning");
    }

    [Fact]
    public async Task A_taint_that_is_to_be_ignored_stays()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.ApplyAsync("default", new JsonObject { ["startupTaint"] = "Ignore" });
        await scene.AddNodeAsync("a", isTainted: true);
        await scene.NodeIsReadyAsync("a");
        (await scene.NodeAsync("a"))!.HasStartupTaint.ShouldBeTrue();
    }

    [Fact]
    public async Task An_agent_is_told_its_zone()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var agent = await scene.AddNodeAsync("a", zone: "north-1");
        await scene.ApplyAsync("default");
        await Eventually.IsTrueAsync(() => agent.Zone == "north-1", "the zone is told");
    }

    [Fact]
    public async Task A_change_in_an_agent_shows_within_seconds_without_every_agent_being_asked()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        var b = await scene.AddNodeAsync("b");
        await scene.ApplyAsync("default");
        await scene.NodeIsReadyAsync("a");
        await scene.NodeIsReadyAsync("b");
        await scene.ConditionAsync("Ready", "True");
        var asked = -1;
        while (asked != b.Asked)
        {
            // Once the member table is known nobody is asked without need.
            asked = b.Asked;
            await Task.Delay(3000, Cancellation);
        }

        a.Change(agent => agent.Verdict = "NeedsConfiguration");

        await Eventually.IsTrueAsync(async () => (await scene.StatusAsync("a"))!.Status!.Verdict == Verdict.NeedsConfiguration, "the verdict shows");
        var status = (await scene.StatusAsync("a"))!.Status!;
        status.Findings.ShouldHaveSingleItem().Evidence.ShouldBe("/etc/containerd/config.toml:3");
        (await ReadyAsync(scene, "a"))!.Reason.ShouldBe("LayersDiscarded");
        (await scene.ConditionAsync("Degraded", "True", reason: "NeedsConfiguration")).Message.ShouldContain("a");
        var flavor = (await scene.MirrorAsync())!.Status!.Flavors.Single(each => each.Verdict == Verdict.NeedsConfiguration);
        (flavor.Nodes, flavor.Reason, flavor.Remedy).ShouldBe((1, "LayersDiscarded", "Set it to false."));
        b.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task An_unreachable_agent_shows_since_when_and_how_its_peers_see_it()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        await scene.AddNodeAsync("b");
        await scene.ApplyAsync("default");
        await scene.NodeIsReadyAsync("a");
        await scene.NodeIsReadyAsync("b");
        a.Change(agent => agent.IsUp = false);

        // The operator may hear of the silence before it hears what the peers say of it.
        await Eventually.IsTrueAsync(
            async () => await ReadyAsync(scene, "a") is { Reason: "Unreachable" } ready && ready.Message.Contains("Its peers see it dead.", StringComparison.Ordinal), "it shows");
        var reachable = (await scene.StatusAsync("a"))!.Status!.Conditions.Single(condition => condition.Type == "AgentReachable");
        reachable.Message.ShouldContain("does not answer since");
        (await scene.StatusAsync("a"))!.Status!.Agent!.Ready.ShouldBeFalse();
        a.Change(agent => agent.IsUp = true);
        await scene.NodeIsReadyAsync("a");
    }

    [Fact]
    public async Task Nodes_that_come_change_and_go_are_followed()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        var b = await scene.AddNodeAsync("b");
        await scene.NodeIsReadyAsync("b");

        // The node is set up anew as another kind.
        await scene.Client.PatchAsync(
            Kinds.Node, new NamespacedName(null, "b"), Patch.Merge(new JsonObject { ["status"] = new JsonObject { ["nodeInfo"] = new JsonObject { ["kubeletVersion"] = "v1.30.0+k3s1" } } }), Cancellation, "status");
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("b"))!.Flavor == "k3s", "the flavor is another one");
        b.Orders.ShouldBe(["Release"]);
        b.Change(agent => agent.Flavor = "k3s");
        await Eventually.IsTrueAsync(() => b.Orders is ["Release", "Acquire"], "its new agent acquires it");
        await Eventually.IsTrueAsync(async () => await scene.DaemonSetAsync("peili-default-k3s") is not null, "its DaemonSet is there");

        await scene.KubectlAsync("delete", "node", "b");
        scene.Agents.Remove(b);
        await Eventually.IsTrueAsync(async () => await scene.StatusAsync("b") is null, "its status goes");
        await Eventually.IsTrueAsync(async () => await scene.DaemonSetAsync("peili-default-k3s") is null, "the DaemonSet of nobody goes");
        await Eventually.IsTrueAsync(async () => (await scene.MirrorAsync())!.Status!.Nodes.Selected == 1, "it is counted no more");
    }

    [Fact]
    public async Task Nodes_that_need_configuration_are_remedied_one_after_the_other_until_one_fails()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var agents = new[] { await scene.AddNodeAsync("a"), await scene.AddNodeAsync("b"), await scene.AddNodeAsync("c") };
        foreach (var agent in agents)
        {
            agent.Verdict = "NeedsConfiguration";
        }

        await scene.ApplyAsync("default", new JsonObject { ["containerd"] = new JsonObject { ["remediation"] = "Restart" } });
        await PodIsAsync(scene, "a", exists: true);
        (await scene.ConditionAsync("Progressing", "True", reason: "Remediating")).Message.ShouldContain("a");
        await PodIsAsync(scene, "b", exists: false);
        await EndPodAsync(scene, "a", "Succeeded", 0);
        agents[0].Change(agent => agent.Verdict = "Compatible");

        await PodIsAsync(scene, "b", exists: true);
        await PodIsAsync(scene, "a", exists: false);
        await EndPodAsync(scene, "b", "Failed", 1);
        var degraded = await scene.ConditionAsync("Degraded", "True", reason: "RemediationFailed");
        degraded.Message.ShouldContain("node b");
        await scene.EventAsync("Remediating", "b");
        await scene.EventAsync("RemediationFailed", "default", "Warning");
        degraded.Message.ShouldContain("exit status 1: cannot restart");
        await PodIsAsync(scene, "c", exists: false);

        // Somebody mends b by hand.
        agents[1].Change(agent => agent.Verdict = "Compatible");
        await PodIsAsync(scene, "c", exists: true);
    }

    [Fact]
    public async Task CA_and_key_are_rotated_in_steps_that_wait_for_the_agents()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.AddNodeAsync("b");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        var before = (await AgentSecretAsync(scene))!;
        scene.Agents.FollowsSecret = false;
        await scene.KubectlAsync("annotate", "secret", "-n", OperatorScene.Namespace, "peili-ca", "peili.dev/rotate=now");

        await Eventually.IsTrueAsync(async () => Count((await AgentSecretAsync(scene))!.Text("ca.crt")!, "BEGIN") == 2, "two authorities are believed");
        await Task.Delay(3000, Cancellation);
        var trusting = (await AgentSecretAsync(scene))!;
        trusting.Text("tls.crt").ShouldBe(before.Text("tls.crt"), "the agents have not loaded it");
        trusting.Text("keys").ShouldStartWith(before.Text("keys")!);

        scene.Agents.FollowsSecret = true;
        await Eventually.IsTrueAsync(async () => (await AgentSecretAsync(scene))! is var now && Count(now.Text("ca.crt")!, "BEGIN") == 1 && now.Text("ca.crt") != before.Text("ca.crt"), "the old one goes");
        var after = (await AgentSecretAsync(scene))!;
        after.Text("tls.crt").ShouldNotBe(before.Text("tls.crt"));
        Count(after.Text("keys")!, "\n").ShouldBe(1);
        after.Text("keys").ShouldNotBe(before.Text("keys"));
        await scene.ConditionAsync("Ready", "True");

        await Task.Delay(2000, Cancellation);
        (await AgentSecretAsync(scene))!.Text("ca.crt").ShouldBe(after.Text("ca.crt"), "one annotation is one rotation");
    }

    private static async Task<Condition?> ReadyAsync(OperatorScene scene, string node) =>
        (await scene.StatusAsync(node))?.Status?.Conditions.Single(condition => condition.Type == "Ready");

    private static Task<Secret?> AgentSecretAsync(OperatorScene scene) => scene.Client.GetAsync(Kinds.Secret, new NamespacedName(OperatorScene.Namespace, "peili-agent"), Cancellation);

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static Task PodIsAsync(OperatorScene scene, string node, bool exists) => Eventually.IsTrueAsync(
        async () => await scene.Client.GetAsync(Kinds.Pod, new NamespacedName(OperatorScene.Namespace, $"peili-remediate-{node}"), Cancellation) is { Metadata.DeletionTimestamp: null } == exists,
        $"the pod of {node} is {(exists ? "there" : "not there")}");

    private static Task<Pod?> EndPodAsync(OperatorScene scene, string node, string phase, int exitCode) => scene.Client.PatchAsync(
        Kinds.Pod,
        new NamespacedName(OperatorScene.Namespace, $"peili-remediate-{node}"),
        Patch.Merge(new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = phase,
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = "remediate",
                    ["ready"] = false,
                    ["restartCount"] = 0,
                    ["image"] = "",
                    ["imageID"] = "",
                    ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = exitCode, ["message"] = "cannot restart" } },
                }),
            },
        }),
        Cancellation,
        "status");
}
