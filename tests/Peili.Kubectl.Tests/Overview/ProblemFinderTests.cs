using Peili.Crds;
using Peili.Kubectl.Overview;
using Peili.Kubernetes.Models;

namespace Peili.Kubectl.Tests.Overview;

public sealed class ProblemFinderTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddYears(50);

    private static readonly OperatorOverview s_operator = new(2, 2, "peili-operator-a", s_now.AddHours(-1), s_now.AddSeconds(-2), 15, []);

    private static readonly RegistryMirror s_mirror = Mirror(("Ready", "True", "Mirroring"), ("Progressing", "False", "RolledOut"), ("Degraded", "False", "AsExpected"), ("Conflicted", "False", "NoConflict"), ("PodSecurityReady", "True", "Privileged"));

    [Fact]
    public void Where_everything_is_as_it_should_be_there_is_none() => Find(s_operator, [s_mirror], Node("a", Verdict.Compatible, "True", "Mirroring")).ShouldBeEmpty();

    [Fact]
    public void An_operator_that_is_not_there_or_does_not_lead_comes_first()
    {
        var wrong = Node("a", Verdict.Compatible, "False", "NoPeers");
        Find(s_operator with { Replicas = null }, [s_mirror], wrong)[0].ShouldSatisfyAllConditions(problem => problem.What.ShouldStartWith("There is no operator"), problem => problem.Next.ShouldContain("kubectl apply"));
        Find(s_operator with { Renewed = s_now.AddMinutes(-5) }, [s_mirror], wrong)[0].What.ShouldStartWith("No replica of the operator leads");
        Find(s_operator with { Leader = null }, [s_mirror], wrong)[0].What.ShouldStartWith("No replica of the operator leads");
        var down = Find(s_operator with { Ready = 1, Troubles = ["peili-operator-b: CrashLoopBackOff: exit status 1"] }, [s_mirror], wrong)[0];
        down.What.ShouldBe("1 of 2 replicas of the operator are ready. peili-operator-b: CrashLoopBackOff: exit status 1.");
        down.Next.ShouldBe("kubectl -n peili-system logs deployment/peili-operator");
    }

    [Fact]
    public void What_may_not_be_read_is_no_problem_of_the_operator() =>
        ProblemFinder.Find("peili-system", s_operator with { Replicas = null, Leader = null }, ["the operator's Deployment: forbidden", "the operator's Lease: forbidden"], [s_mirror], [], s_now).ShouldBeEmpty();

    [Fact]
    public void Nodes_are_grouped_by_what_is_wrong_the_most_first_and_five_are_named()
    {
        var problems = Find(
            s_operator,
            [s_mirror],
            [Node("z", Verdict.NeedsConfiguration, "False", "LayersDiscarded"), .. Enumerable.Range(1, 7).Select(number => Node($"n{number}", Verdict.Compatible, "False", "UdpBlocked")), Node("ok", Verdict.Compatible, "True", "Mirroring")]);
        problems.Select(problem => (problem.What, problem.Next)).ShouldBe(
        [
            ("7 nodes do not mirror (n1, n2, n3, n4, n5 and 2 more), UdpBlocked. said of n1", "kubectl peili check n1"),
            ("Node z does not mirror, LayersDiscarded. said of z", "kubectl peili check z"),
        ]);
    }

    [Fact]
    public void Nodes_that_cannot_mirror_are_good_to_know_and_not_wrong() =>
        Find(s_operator, [s_mirror], Node("a", Verdict.Unsupported, "False", "NotContainerd")).ShouldHaveSingleItem().IsWrong.ShouldBeFalse();

    [Fact]
    public void RegistryMirrors_say_what_is_wrong_themselves()
    {
        Find(s_operator, []).ShouldHaveSingleItem().Next.ShouldContain("kubectl apply -f config/samples/registrymirror.yaml");
        Find(s_operator, [Mirror(("Degraded", "True", "RolloutStopped"))]).ShouldHaveSingleItem().What.ShouldBe("RegistryMirror default, RolloutStopped: said of Degraded");
        Find(s_operator, [Mirror(("PodSecurityReady", "False", "TooStrict"))]).ShouldHaveSingleItem().IsWrong.ShouldBeTrue();
        Find(s_operator, [Mirror(("Ready", "False", "NoNodes"))]).ShouldHaveSingleItem().IsWrong.ShouldBeTrue();
        Find(s_operator, [Mirror(("Progressing", "True", "RollingOut"))]).ShouldHaveSingleItem().IsWrong.ShouldBeFalse();
        Find(s_operator, [Mirror(("Degraded", "True", "NeedsConfiguration"))]).ShouldBeEmpty("its nodes say it");
        Find(s_operator, [Mirror()]).ShouldHaveSingleItem().What.ShouldContain("has not seen it yet");
        Find(s_operator, [s_mirror with { Metadata = s_mirror.Metadata with { Annotations = new Dictionary<string, string> { ["peili.dev/paused"] = "true" } } }])
            .ShouldHaveSingleItem().Next.ShouldBe("kubectl annotate registrymirror default peili.dev/paused-");
    }

    private static IReadOnlyList<Problem> Find(OperatorOverview @operator, RegistryMirror[] mirrors, params NodeMirrorStatus[] nodes) =>
        ProblemFinder.Find("peili-system", @operator, [], mirrors, nodes, s_now);

    private static RegistryMirror Mirror(params (string Type, string Status, string Reason)[] conditions) => new()
    {
        Metadata = new ObjectMeta { Name = "default" },
        Status = new RegistryMirrorStatus { Conditions = [.. conditions.Select(each => new Condition { Type = each.Type, Status = each.Status, Reason = each.Reason, Message = $"said of {each.Type}" })] },
    };

    private static NodeMirrorStatus Node(string name, Verdict verdict, string ready, string reason) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Status = new NodeMirrorStatusStatus { Verdict = verdict, Conditions = [new Condition { Type = "Ready", Status = ready, Reason = reason, Message = $"said of {name}" }] },
    };
}
