using Peili.Crds;
using Peili.Flavors;
using Peili.Kubernetes.Models;
using Peili.Operator.Mirrors;
using Peili.Operator.Resources;

namespace Peili.Operator.Tests.Rules;

/// <summary>What a RegistryMirror says, given what was seen.</summary>
public sealed class MirrorConditionsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Flavor s_flavor = FlavorCatalog.Load().Get("kubeadm");
    private static readonly DaemonSet s_done = new()
    {
        Metadata = new ObjectMeta { Name = "peili-default-kubeadm", Generation = 2 },
        Status = new DaemonSetStatus { ObservedGeneration = 2, DesiredNumberScheduled = 2, UpdatedNumberScheduled = 2, NumberAvailable = 2 },
    };

    [Fact]
    public void All_is_well() => Of(Seen()).ShouldBe("Ready=True/Mirroring Progressing=False/RolledOut Degraded=False/AsExpected Conflicted=False/NoConflict PodSecurityReady=True/Privileged");

    [Fact]
    public void A_rollout_goes_on()
    {
        var seen = Seen() with { DaemonSets = [s_done with { Status = s_done.Status! with { UpdatedNumberScheduled = 1, NumberAvailable = 1 } }] };
        Of(seen).ShouldContain("Progressing=True/RollingOut");
        MessageOf(seen, "Progressing").ShouldBe("1 of 2 agents of peili-default-kubeadm are available.");
    }

    [Fact]
    public void A_rollout_that_stopped_names_the_nodes_and_why()
    {
        var pod = new Pod
        {
            Spec = new PodSpec { NodeName = "node-b" },
            Status = new PodStatus { ContainerStatuses = [new ContainerStatus { State = new ContainerState { Waiting = new ContainerWaiting { Reason = "CrashLoopBackOff" } }, LastState = new ContainerState { Terminated = new ContainerTerminated { ExitCode = 64 } } }] },
        };
        var seen = Seen() with { DaemonSets = [s_done with { Status = s_done.Status! with { UpdatedNumberScheduled = 1 } }], Pods = [pod] };
        Of(seen).ShouldContain("Degraded=True/RolloutStopped");
        MessageOf(seen, "Degraded").ShouldBe("Agents do not become ready on node-b: CrashLoopBackOff: exit status 64.");
    }

    [Fact]
    public void Without_nodes_it_is_not_ready_and_says_so() => Of(Seen() with { Nodes = [], DaemonSets = [], Wanted = 0 }).ShouldContain("Ready=False/NoNodes");

    [Fact]
    public void Nodes_that_do_not_mirror_are_named_and_only_five_of_them()
    {
        var seen = Seen() with { Nodes = [.. Enumerable.Range(1, 9).Select(number => NodeOf($"n{number}", isReady: false))] };
        MessageOf(seen, "Ready").ShouldBe("9 of 9 nodes do not mirror: n1, n2, n3, n4, n5 and 4 more. kubectl get nodemirrorstatus says why.");
    }

    [Fact]
    public void A_namespace_without_label_says_what_to_run()
    {
        var seen = Seen() with { Enforce = "" };
        Of(seen).ShouldContain("PodSecurityReady=False/NoLabel");
        MessageOf(seen, "PodSecurityReady").ShouldContain("kubectl label namespace peili-system pod-security.kubernetes.io/enforce=privileged");
    }

    [Fact]
    public void A_Secret_that_is_missing_is_named() => MessageOf(Seen() with { Missing = ["Secret peili-system/ca"] }, "Degraded").ShouldContain("Secret peili-system/ca");

    [Fact]
    public void Counts_are_by_flavor_and_verdict()
    {
        var status = MirrorStatusReport.Of(Seen() with { Nodes = [NodeOf("a", true), NodeOf("b", true), NodeOf("c", false, Verdict.NeedsConfiguration)] }, s_now);
        status.Nodes.ShouldBe(new NodeCounts { Selected = 3, Ready = 2, Compatible = 2, NeedsConfiguration = 1 });
        status.Flavors.Select(flavor => (flavor.Name, flavor.Nodes, flavor.Verdict, flavor.Reason)).ShouldBe(
            [("kubeadm", 2, Verdict.Compatible, ""), ("kubeadm", 1, Verdict.NeedsConfiguration, "LayersDiscarded")]);
    }

    private static MirrorObservation Seen() => new(
        new RegistryMirror { Metadata = new ObjectMeta { Name = "default", Generation = 7 } },
        [],
        [],
        [NodeOf("a", isReady: true), NodeOf("b", isReady: true)],
        [],
        [s_done],
        1,
        [],
        [],
        null,
        "peili-system",
        "privileged");

    private static (Node Node, Flavor Flavor, NodeMirrorStatusStatus? Status) NodeOf(string name, bool isReady, Verdict verdict = Verdict.Compatible) => (
        new Node { Metadata = new ObjectMeta { Name = name } },
        s_flavor,
        new NodeMirrorStatusStatus
        {
            Verdict = verdict,
            Findings = verdict == Verdict.Compatible ? [] : [new NodeFinding { Reason = "LayersDiscarded", Severity = FindingSeverity.Error }],
            Conditions = [new Condition { Type = "Ready", Status = isReady ? "True" : "False", Reason = "Any" }],
        });

    private static string Of(MirrorObservation seen) => string.Join(' ', MirrorConditions.Of(seen, s_now).Select(condition => $"{condition.Type}={condition.Status}/{condition.Reason}"));

    private static string MessageOf(MirrorObservation seen, string type) => MirrorConditions.Of(seen, s_now).Single(condition => condition.Type == type).Message;
}
