using Peili.AgentApi;
using Peili.Crds;
using Peili.Flavors;
using Peili.Kubernetes.Models;
using Peili.Operator.Agents;
using Peili.Operator.Nodes;
using Peili.Operator.Resources;

namespace Peili.Operator.Tests.Rules;

/// <summary>What a NodeMirrorStatus says, given what was seen.</summary>
public sealed class NodeConditionsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Flavor s_flavor = FlavorCatalog.Load().Get("kubeadm");

    [Fact]
    public void All_is_well() => Reasons(Seen(Report(_ => { }))).ShouldBe("Ready=True/Mirroring AgentReachable=True/Answers PeersReachable=True/Connected ContainerdCompatible=True/Compatible");

    [Fact]
    public void A_node_alone_is_ready() => Reasons(Seen(Report(reply => reply.Overlay.Alive = 1)) with { Nodes = 1 }).ShouldContain("Ready=True/Mirroring");

    [Fact]
    public void A_node_alone_among_others_is_not() => Reasons(Seen(Report(reply => reply.Overlay.Alive = 1))).ShouldContain("Ready=False/NoPeers");

    [Fact]
    public void A_firewall_for_UDP_is_named()
    {
        var seen = Seen(Report(reply => reply.Overlay.UdpBlocked.Add("node-7")));
        Reasons(seen).ShouldContain("Ready=False/UdpBlocked");
        Conditions(seen).Single(condition => condition.Type == "PeersReachable").Message.ShouldContain("node-7");
    }

    [Fact]
    public void An_agent_that_does_not_serve_yet_says_why()
    {
        var seen = Seen(Report(reply => reply.NotReady = "containerd is not reachable"));
        Reasons(seen).ShouldContain("Ready=False/AgentNotReady");
        Conditions(seen)[0].Message.ShouldContain("containerd is not reachable");
    }

    [Fact]
    public void Hosts_that_cannot_be_written_are_told() => Reasons(Seen(Report(reply =>
    {
        reply.Registries[0].State = "Failed";
        reply.Registries[0].Message = "disk full";
    }))).ShouldContain("Ready=False/HostsFailed");

    [Fact]
    public void An_agent_that_was_never_asked_is_unknown() => Reasons(Seen(null)).ShouldStartWith("Ready=Unknown/NotAsked");

    [Fact]
    public void One_that_never_answered_says_what_its_pod_says()
    {
        var pod = new Pod { Status = new PodStatus { ContainerStatuses = [new ContainerStatus { State = new ContainerState { Waiting = new ContainerWaiting { Reason = "ImagePullBackOff" } } }] } };
        var seen = Seen(new AgentReport { UnreachableSince = s_now, Error = "refused" }) with { Pod = pod };
        Reasons(seen).ShouldContain("AgentReachable=False/NotStarted");
        Conditions(seen).Single(condition => condition.Type == "AgentReachable").Message.ShouldContain("ImagePullBackOff");
    }

    [Theory]
    [InlineData("Alive", "look for a firewall")]
    [InlineData("Dead", "see it dead")]
    [InlineData(null, "do not know it")]
    public void An_unreachable_one_says_how_its_peers_see_it(string? state, string expected)
    {
        var report = Report(_ => { }) with { UnreachableSince = s_now, Error = "refused" };
        var seen = Seen(report) with { Member = state is null ? null : new Member { State = state } };
        Conditions(seen).Single(condition => condition.Type == "AgentReachable").Message.ShouldContain(expected);
    }

    [Fact]
    public void An_operator_that_starts_anew_says_since_when_the_one_before_it_saw_an_agent_unreachable()
    {
        var well = NodeStatusReport.Of(Seen(Report(_ => { })), null, s_now);
        var lost = NodeStatusReport.Of(Seen(Report(_ => { }) with { UnreachableSince = s_now.AddMinutes(1), Error = "refused" }), well, s_now.AddMinutes(2));
        var anew = NodeStatusReport.Of(Seen(new AgentReport { UnreachableSince = s_now.AddHours(1), Error = "refused" }), lost, s_now.AddHours(1));
        var reachable = anew.Conditions.Single(condition => condition.Type == "AgentReachable");
        (reachable.Reason, reachable.LastTransitionTime).ShouldBe(("Unreachable", s_now.AddMinutes(1)));
        reachable.Message.ShouldContain("since 2026-11-21T12:01:00Z");
        anew.Conditions.ShouldBe(lost.Conditions);
    }

    [Fact]
    public void A_finding_is_the_reason_and_its_remedy_the_message()
    {
        var seen = Seen(Report(reply =>
        {
            reply.Check.Verdict = "NeedsConfiguration";
            reply.Check.Findings.Add(new CheckFinding { Reason = "ConfigPathUnset", Severity = "Error", Message = "config_path is not set.", Remedy = "Set it." });
        }));
        Reasons(seen).ShouldContain("Ready=False/ConfigPathUnset");
        Conditions(seen)[0].Message.ShouldBe("config_path is not set. Set it.");
    }

    [Fact]
    public void A_transition_time_stays_until_the_status_flips()
    {
        var first = NodeStatusReport.Of(Seen(Report(_ => { })), null, s_now);
        NodeStatusReport.Of(Seen(Report(reply => reply.Overlay.Alive = 9)), first, s_now.AddHours(1)).Conditions.ShouldAllBe(condition => condition.LastTransitionTime == s_now);
        NodeStatusReport.Of(Seen(Report(reply => reply.NotReady = "x")), first, s_now.AddHours(1)).Conditions.Single(condition => condition.Type == "Ready").LastTransitionTime.ShouldBe(s_now.AddHours(1));
    }

    [Fact]
    public void What_an_unreachable_agent_said_last_stays()
    {
        var first = NodeStatusReport.Of(Seen(Report(reply => reply.Check.Verdict = "NeedsConfiguration")), null, s_now);
        var later = NodeStatusReport.Of(Seen(new AgentReport { UnreachableSince = s_now, Error = "refused" }), first, s_now);
        later.Verdict.ShouldBe(Verdict.NeedsConfiguration);
        later.Agent!.Ready.ShouldBeFalse();
        later.Overlay.ShouldBe(first.Overlay);
    }

    private static NodeObservation Seen(AgentReport? report) => new(
        new Node { Metadata = new ObjectMeta { Name = "a" } }, new NodeAssignment("default", s_flavor, []), report, new Member { State = "Alive" }, 3, new Pod(), "privileged");

    private static AgentReport Report(Action<StatusReply> change)
    {
        var reply = new StatusReply
        {
            NodeName = "a",
            Check = new Check { Flavor = "kubeadm", Verdict = "Compatible", ContainerdVersion = "1.7.24" },
            Overlay = new OverlayCounts { Members = 3, Alive = 3 },
            RegistryAuth = "header",
        };
        reply.Registries.Add(new AgentApi.RegistryState { Host = "_default", State = "Mirrored" });
        change(reply);
        return new AgentReport { Reply = reply, AskedAt = s_now };
    }

    private static IReadOnlyList<Condition> Conditions(NodeObservation seen) => [.. NodeStatusReport.Of(seen, null, s_now).Conditions.OrderBy(condition => condition.Type == "Ready" ? 0 : 1)];

    private static string Reasons(NodeObservation seen) => string.Join(' ', Conditions(seen).Select(condition => $"{condition.Type}={condition.Status}/{condition.Reason}"));
}
