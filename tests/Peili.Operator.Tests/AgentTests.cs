using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Peili.AgentApi;
using Peili.Containerd.Tests.Support;
using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Watching;
using Peili.Operator.Mirrors;
using Peili.Operator.Resources;
using Peili.Operator.Tests.Support;

namespace Peili.Operator.Tests;

/// <summary>What becomes of the agents' answers, and how often that is written, on a real API server.</summary>
public sealed class AgentTests(SharedControlPlane shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_creation_is_three_writes_a_node_labels_first()
    {
        const int nodes = 24;
        await using var scene = await OperatorScene.StartAsync(shared);

        // What rows say of the namespace is to be so from the beginning.
        await scene.KubectlAsync(["label", "namespace", OperatorScene.Namespace, "--overwrite", .. PodSecurity.Labels.Select(label => $"{label}={PodSecurity.Privileged}")]);
        for (var number = 0; number < nodes; number++)
        {
            await scene.AddNodeAsync($"n{number}");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var seen = new ConcurrentQueue<(string Node, string Version, int Labelled)>();
        var moves = new ConcurrentQueue<(string Node, string Version)>();
        var labelled = new Informer<Node>(scene.Client, Kinds.Node, new InformerOptions { Objects = new ListOptions { LabelSelector = Node.MirrorLabel } });
        labelled.Subscribe(key => moves.Enqueue((key.Name, labelled.Items[key].Metadata.ResourceVersion!)));
        var rows = new Informer<NodeMirrorStatus>(scene.Client, CrdKinds.NodeMirrorStatus);
        rows.Subscribe(key => seen.Enqueue((key.Name, rows.Items[key].Metadata.ResourceVersion!, labelled.Items.Count)));
        var following = Task.WhenAll(labelled.RunAsync(stop.Token), rows.RunAsync(stop.Token));
        await Task.WhenAll(labelled.WaitForSyncAsync(Cancellation), rows.WaitForSyncAsync(Cancellation));

        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await Eventually.IsTrueAsync(() => rows.Items.Count == nodes && rows.Items.Values.All(row => row.Status?.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" }) == true), "every row is ready");
        await stop.CancelAsync();
        await following;

        seen.GroupBy(row => row.Node).ShouldAllBe(row => row.Select(each => each.Version).Distinct().Count() == 2, "it is created, and its status is written");
        moves.Distinct().Count().ShouldBe(nodes, "both labels at once");

        // Sixteen nodes are worked on at a time.
        seen.First().Labelled.ShouldBeGreaterThanOrEqualTo(nodes - 16);
    }

    [Fact]
    public async Task Counters_are_written_once_a_minute_and_rounded()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.NodeIsReadyAsync("a");
        await Eventually.IsTrueAsync(async () => (await scene.StatusAsync("a"))!.Status!.Bytes!.FromPeers == 1000, "they are there");

        // Something else changes, so that the agent is asked: its counters alone are no reason to write.
        a.FromPeers = 1_234_567;
        var asked = a.Asked;
        a.Change(_ => { });
        await Eventually.IsTrueAsync(() => a.Asked > asked, "the agent is asked");
        await Task.Delay(2000, Cancellation);
        (await scene.StatusAsync("a"))!.Status!.Bytes!.FromPeers.ShouldBe(1000);

        scene.Time.Leap(TimeSpan.FromSeconds(60));
        await Eventually.IsTrueAsync(async () => (await scene.StatusAsync("a"))!.Status!.Bytes!.FromPeers == 1_200_000, "a minute later they are written");
    }

    [Fact]
    public async Task One_that_hangs_does_not_keep_the_news_of_the_others()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        var b = await scene.AddNodeAsync("b");
        await scene.ApplyAsync("default");
        await scene.NodeIsReadyAsync("a");
        await scene.NodeIsReadyAsync("b");

        b.Change(agent => agent.IsUp = false);
        await Eventually.IsTrueAsync(async () => await ReachableAsync(scene, "b") is { Reason: "Unreachable" }, "it shows");

        // Its peers see it again, so it is asked twice, for ten seconds each time.
        b.Change(agent => (agent.IsUp, agent.Hesitation) = (true, TimeSpan.FromMinutes(10)));
        await Eventually.IsTrueAsync(
            async () => (await ReachableAsync(scene, "b"))!.Message.Contains("Its peers see it alive: look for a firewall", StringComparison.Ordinal), "it shows how its peers see it");
        for (var round = 0; round < 5; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var verdict = round % 2 == 0 ? Verdict.NeedsConfiguration : Verdict.Compatible;
            a.Change(agent => agent.Verdict = $"{verdict}");
            await Eventually.IsTrueAsync(async () => (await scene.StatusAsync("a"))!.Status!.Verdict == verdict, "the verdict shows");
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task An_operator_that_starts_anew_goes_on_saying_since_when_an_agent_is_unreachable()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        await scene.AddNodeAsync("b");
        await scene.ApplyAsync("default");
        await scene.NodeIsReadyAsync("a");
        await scene.NodeIsReadyAsync("b");
        a.Change(agent => agent.IsUp = false);
        await Eventually.IsTrueAsync(async () => await ReachableAsync(scene, "a") is { Reason: "Unreachable" } told && told.Message.Contains("see it dead", StringComparison.Ordinal), "it shows");
        var before = (await ReachableAsync(scene, "a"))!;
        before.Message.ShouldContain($"since {before.LastTransitionTime!.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");

        await scene.StopOperatorAsync();
        scene.Time.Leap(TimeSpan.FromMinutes(3));
        await scene.StartOperatorAsync();
        await scene.AddNodeAsync("c");
        await scene.NodeIsReadyAsync("c");
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        (await ReachableAsync(scene, "a")).ShouldBe(before);
    }

    [Fact]
    public async Task Agents_of_the_version_before_and_of_the_next_are_understood()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        (await scene.AddNodeAsync("before")).Differs = reply => (reply.Overlay, reply.Bytes, reply.Loaded, reply.Zone, reply.RegistryAuth) = (null, null, null, "", "");
        (await scene.AddNodeAsync("next")).Differs = reply =>
        {
            reply.MergeFrom(Unknown);
            reply.RegistryAuth = "signature";
            reply.Check.Verdict = "Splendid";
            reply.Check.Findings.Add(new CheckFinding { Reason = "NewThing", Severity = "Curious", Message = "there is a new thing" });
            reply.Registries.Add(new AgentApi.RegistryState { Host = "docker.io", State = "Streaming" });
        };
        await scene.AddNodeAsync("now");
        await scene.ApplyAsync("default");
        await scene.NodeIsReadyAsync("now");
        await Eventually.IsTrueAsync(async () => (await scene.StatusAsync("before"))?.Status?.Agent?.Version == "0.1.0", "that of before has a row");
        (await scene.StatusAsync("before"))!.Status!.Verdict.ShouldBe(Verdict.Compatible);
        await Eventually.IsTrueAsync(async () => (await scene.StatusAsync("next"))?.Status?.Agent?.Version == "0.1.0", "the next one has a row");
        var next = (await scene.StatusAsync("next"))!.Status!;
        (next.Verdict, next.Agent!.RegistryAuth, next.Findings.Single().Severity).ShouldBe((Verdict.Unknown, null, FindingSeverity.Warning));
        next.Registries.Single(registry => registry.Host == "docker.io").State.ShouldBe(Crds.RegistryState.NotMirrored);
    }

    [Fact]
    public async Task After_ninety_days_CA_and_keys_are_rotated_by_themselves()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        var before = await AuthorityAsync(scene);
        scene.Time.Leap(TimeSpan.FromDays(89));
        await scene.KubectlAsync("annotate", "namespace", OperatorScene.Namespace, "looked=again", "--overwrite");
        await Task.Delay(2000, Cancellation);
        (await AuthorityAsync(scene)).ShouldBe(before);

        scene.Time.Leap(TimeSpan.FromDays(1));
        await scene.KubectlAsync("annotate", "namespace", OperatorScene.Namespace, "looked=once-more", "--overwrite");
        await Eventually.IsTrueAsync(async () => await AuthorityAsync(scene) is var now && now != before && now.Split("BEGIN").Length == 2, "there is another CA, and the old one is gone");
        await scene.NodeIsReadyAsync("a");
        await scene.EventAsync("Rotation", "peili-ca");
    }

    /// <summary>A field that this version does not know.</summary>
    private static CodedInputStream Unknown => new([0x82, 0x7d, 3, 1, 2, 3]);

    private static async Task<Condition?> ReachableAsync(OperatorScene scene, string node) =>
        (await scene.StatusAsync(node))?.Status?.Conditions.FirstOrDefault(condition => condition.Type == "AgentReachable");

    private static async Task<string> AuthorityAsync(OperatorScene scene) =>
        (await scene.Client.GetAsync(Kinds.Secret, new NamespacedName(OperatorScene.Namespace, "peili-agent"), Cancellation))!.Text("ca.crt")!;
}
