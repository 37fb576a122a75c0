using Google.Protobuf;
using Peili.Overlay.Core;
using Peili.Overlay.Simulation;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Tests;

/// <summary>Rules of membership that make up for each other in a cluster, so each by itself: a packet comes, and this follows.</summary>
public sealed class MembershipRuleTests : IDisposable
{
    private readonly Simulation.Simulation simulation = FactFromSimulation.Settled(10);
    private readonly Wiretap wire;

    public MembershipRuleTests()
    {
        wire = new Wiretap(simulation);
        simulation.RunFor(TimeSpan.FromSeconds(10)); // no news is on its way any more
    }

    private SimulatedNode Judge => simulation.Nodes[1];

    private SimulatedNode Teller => simulation.Nodes[2];

    private SimulatedNode Subject => simulation.Nodes[3];

    /// <summary>Rule: an answered probe wakes nobody. Without it an idle member is woken twice as often, 150 ms after each probe.</summary>
    [Fact]
    public void Nothing_is_due_for_a_probe_that_was_answered()
    {
        var core = Judge.Node!.Core;
        var woken = 0;
        for (var millisecond = 0; millisecond < 10_000; millisecond++)
        {
            var due = core.NextDue;
            simulation.RunFor(TimeSpan.FromMilliseconds(1));
            woken += core.Now >= due ? 1 : 0;
        }

        woken.ShouldBeLessThanOrEqualTo(35, "20 probes, 10 times housekeeping, and what is rare");
    }

    /// <summary>Rule: push-pull while the hashes of the views differ, at most every second. Probes and their answers carry the hash.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_view_that_differs_is_compared_and_one_that_does_not_is_not(bool inAnswer)
    {
        Datagram Heard(uint hash) => inAnswer
            ? new() { Ack = new() { Number = 1_000_000, ViewHash = hash } }
            : new() { Ping = new() { Number = 1_000_000, ViewHash = hash } };
        var (own, before) = (Judge.Node!.Core.View.Hash, Judge.Node.Counters.Syncs);
        wire.Send(Teller, Judge, Heard(own));
        Judge.Node.Counters.Syncs.ShouldBe(before);
        wire.Send(Teller, Judge, Heard(own ^ 1));
        Judge.Node.Counters.Syncs.ShouldBe(before + 1);
        simulation.RunFor(TimeSpan.FromMilliseconds(100));
        wire.Send(Teller, Judge, Heard(own ^ 1));
        Judge.Node.Counters.Syncs.ShouldBe(before + 1, "once a second is enough");
    }

    /// <summary>Rule: a stale claim is answered with the newer incarnation. Without it an old suspicion goes on until its subject hears of it.</summary>
    [Fact]
    public void A_stale_claim_is_answered_with_the_newer_incarnation()
    {
        var core = Judge.Node!.Core;
        var session = Subject.Node!.Core.SelfRecord.Session;
        core.View.Set(core.View.FindSession(session), 5, MemberState.Alive, MemberStatus.Ready, core.Now);
        wire.Send(Teller, Judge, SuspicionOf(Subject));
        var (_, _, to, answer) = wire.Sent[^1];
        to.ShouldBe(Teller);
        answer.News.Session.ShouldBe([session]);
        answer.News.Incarnation.ShouldBe([5u]);
        Judge.Sees(Subject)!.State.ShouldBe(MemberState.Alive);
    }

    /// <summary>Rule: buddy system. Without it a suspect hears of its suspicion only while that is news.</summary>
    [Fact]
    public void Whoever_pings_a_suspect_tells_it_so()
    {
        var end = SuspectUnreachable(stayAway: false);
        simulation.RunUntil(end + TimeSpan.TicksPerMillisecond);
        var ping = wire.Sent.Single(sent => sent.At == end && sent.From == Judge && sent.To == Subject).Message;
        ping.BodyCase.ShouldBe(Datagram.BodyOneofCase.Ping);
        ping.News.ShouldNotBeNull("its news was told long ago");
        ping.News.Session.ShouldContain(Subject.Node!.Core.SelfRecord.Session);
    }

    /// <summary>Rule: a last word. Without it who can be reached again just when its time is over is dead all the same.</summary>
    [Fact]
    public void A_suspect_whose_time_is_over_is_asked_once_more()
    {
        var deaths = 0;
        simulation.MemberChanged = (observer, who, _, after) =>
            deaths += observer == Judge && who.Name == Subject.Name && after == MemberState.Dead ? 1 : 0;
        simulation.RunUntil(SuspectUnreachable(stayAway: false) + TimeSpan.TicksPerSecond);
        deaths.ShouldBe(0);
        Judge.Sees(Subject)!.State.ShouldBe(MemberState.Alive);
    }

    /// <summary>
    /// The same: who has just refuted a suspicion says so again to whoever pings it as a suspect. Gossip misses somebody now and then, and
    /// that one's last word comes within the time in which others are left to hear it by gossip.
    /// </summary>
    [Fact]
    public void The_answer_to_a_ping_that_doubts_carries_the_refutation()
    {
        wire.Send(Teller, Subject, SuspicionOf(Subject));
        var refutation = Subject.Node!.Core.View[Subject.Node.Core.Self].Incarnation;
        refutation.ShouldBe(2u);
        simulation.RunFor(TimeSpan.FromSeconds(1)); // and is no news any more
        var doubt = SuspicionOf(Subject);
        doubt.Ping = new() { Number = 1_000_000 };
        wire.Send(Judge, Subject, doubt);
        var (_, _, to, answer) = wire.Sent[^1];
        (to, answer.BodyCase).ShouldBe((Judge, Datagram.BodyOneofCase.Ack));
        answer.News.Session.ShouldBe([Subject.Node.Core.SelfRecord.Session]);
        answer.News.Incarnation.ShouldBe([refutation]);
    }

    /// <summary>The same: it has 0.2 s for that, and no longer.</summary>
    [Fact]
    public void A_suspect_has_a_fifth_of_a_second_for_its_last_word()
    {
        var verdict = 0L;
        simulation.MemberChanged = (observer, who, _, after) =>
            verdict = observer == Judge && who.Name == Subject.Name && after == MemberState.Dead ? simulation.Now : verdict;
        var end = SuspectUnreachable(stayAway: true);
        simulation.RunUntil(end + TimeSpan.TicksPerSecond);
        TimeSpan.FromTicks(verdict - end).ShouldBe(Timing.LastWord);
    }

    /// <summary>Rule: at most eight pushes and pulls at once, otherwise "busy, ask these three".</summary>
    [Fact]
    public void The_ninth_push_pull_at_once_is_sent_to_three_others()
    {
        Occupy(Judge);
        var ninth = Pull(Judge);
        (ninth.Busy, ninth.Instead.Count, ninth.Session.Count).ShouldBe((true, 3, 0));
        Judge.Node!.Served();
        Judge.Node.Served();
        Pull(Judge).Busy.ShouldBeFalse();
    }

    /// <summary>The same from the other side. Without it a joiner waits for its seed, however long that is busy.</summary>
    [Fact]
    public void A_joiner_that_is_sent_on_gets_in_through_another()
    {
        Occupy(Judge);
        simulation.Network.Tap = null;
        var joiner = simulation.Add();
        joiner.Seeds = [Judge.Address];
        joiner.Start();
        simulation.RunUntil(() => joiner.Node!.Core.View.LiveCount == 11, TimeSpan.FromSeconds(2)).ShouldNotBeNull();
    }

    /// <summary>Rule: local health. Without it a member whose own network is bad probes and suspects as fast as a healthy one.</summary>
    [Fact]
    public void A_member_that_hears_nobody_probes_more_slowly_and_waits_longer()
    {
        using var large = FactFromSimulation.Settled(60);
        using var tap = new Wiretap(large);
        var deaf = large.Nodes[5];
        large.Network.IsCut = static (_, to) => to == 5;
        large.RunFor(TimeSpan.FromSeconds(20));
        var requests = tap.Sent.Where(sent => sent.From == deaf && sent.Message.PingRequest is not null).ToList();
        var failed = requests.DistinctBy(sent => sent.Message.PingRequest.Number).ToList();
        failed.Count.ShouldBeInRange(3, 15, "twenty seconds have forty probe periods");
        var last = failed[^1];
        var ping = tap.Sent.First(sent => sent.From == deaf && sent.Message.Ping?.Number == last.Message.PingRequest.Number);
        TimeSpan.FromTicks(last.At - ping.At).ShouldBeGreaterThan(4 * Timing.ProbeDirect);
    }

    public void Dispose()
    {
        wire.Dispose();
        simulation.Dispose();
    }

    /// <summary>
    /// Makes the judge suspect the subject, with as many reporters as count, and nobody reach it until the judge's suspicion ends;
    /// says when that is.
    /// </summary>
    private long SuspectUnreachable(bool stayAway)
    {
        var end = simulation.Now + Timing.ShortestSuspicion.Ticks;
        simulation.Network.IsCut = (from, to) => (from == Subject.Index || to == Subject.Index) && (stayAway || simulation.Now < end);
        wire.Send(Teller, Judge, SuspicionOf(Subject));
        Judge.Sees(Subject)!.State.ShouldBe(MemberState.Suspect);
        return end;
    }

    private static Datagram SuspicionOf(SimulatedNode subject)
    {
        var news = new NewsWriter();
        news.Add(subject.Node!.Core.SelfRecord.Session, 1, Claim.Suspect, MemberStatus.Ready);
        news.AddReporters([1, 2, 3, 4]);
        return new Datagram { News = news.Finish() };
    }

    private static void Occupy(SimulatedNode node)
    {
        for (var count = 0; count < Limits.SyncsServed; count++)
        {
            Pull(node).Busy.ShouldBeFalse();
        }
    }

    private static SyncReply Pull(SimulatedNode node)
    {
        var request = new BulkRequest { Protocol = ProtocolVersion.Current, Sync = new SyncRequest() };
        return BulkReply.Parser.ParseFrom(node.Node!.Serve(request.ToByteArray())).Sync;
    }
}
