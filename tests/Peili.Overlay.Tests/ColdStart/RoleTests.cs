using Peili.Overlay.ColdStart;
using Peili.Overlay.Simulation;

namespace Peili.Overlay.Tests.ColdStart;

/// <summary>Who becomes what in a cold start (overlay.md, "Cold start"): each test names the rule without which it fails.</summary>
public sealed class RoleTests
{
    private const long Small = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_roundTrip = TimeSpan.FromMilliseconds(5);

    /// <summary>Rule: one tracker grants, and the first asker becomes the origin. Without it all are origins.</summary>
    [Fact]
    public void Of_thirty_that_ask_at_once_one_is_the_origin_and_the_others_stream_from_it_or_from_each_other()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var grants = AskAll(simulation, key);
        simulation.RunFor(s_roundTrip);

        grants.Values.Count(grant => grant.Kind == GrantKind.Origin).ShouldBe(1);
        grants.Values.Count(grant => grant.Kind == GrantKind.Child).ShouldBe(29);
        var ordinals = grants.ToDictionary(grant => grant.Key, grant => grant.Value.Ordinal);
        foreach (var (name, grant) in grants.Where(grant => grant.Value.Kind == GrantKind.Child))
        {
            grant.Candidates.ShouldNotBeEmpty();
            grant.Candidates.ShouldAllBe(candidate => ordinals[candidate.Name] < ordinals[name], "a tree has no loops");
        }
    }

    /// <summary>Rule: a full tree of two children each. Without it all 200 stand in line at the origin.</summary>
    [Fact]
    public void First_choices_form_a_tree_with_two_children_each()
    {
        using var simulation = FactFromSimulation.Settled(200, zones: 1);
        var grants = AskAll(simulation, simulation.NewKey());
        simulation.RunFor(s_roundTrip);
        var children = grants.Values.Where(grant => grant.Kind == GrantKind.Child).GroupBy(grant => grant.Candidates[0].Name).Select(group => group.Count()).ToArray();
        children.Max().ShouldBeLessThanOrEqualTo(3);
        children.Length.ShouldBeGreaterThan(80);
    }

    /// <summary>Rule: grants are idempotent per (digest, asker, request). Without it a lost packet makes the origin its own follower.</summary>
    [Fact]
    public void Asked_again_for_the_same_request_the_tracker_answers_the_same()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var origin = simulation.Nodes[3];
        Ask(simulation, origin, key).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[4], key).Kind.ShouldBe(GrantKind.Child);
        Ask(simulation, origin, key).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, origin, key, request: 2).Kind.ShouldBe(GrantKind.Origin, "containerd asks anew after its connection broke, and nobody else is an origin");
    }

    /// <summary>Rule: another tracker grants when the first is silent for two tries. Without it its death stalls every pull.</summary>
    [Fact]
    public void When_the_granting_tracker_is_dead_the_next_one_knows_the_origin()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var others = simulation.Nodes.Except(trackers).ToArray();
        Ask(simulation, others[0], key).Kind.ShouldBe(GrantKind.Origin);
        trackers[0].Crash();
        var grant = Ask(simulation, others[1], key, within: TimeSpan.FromMilliseconds(150));
        grant.Kind.ShouldBe(GrantKind.Child);
        grant.Candidates.ShouldHaveSingleItem().Name.ShouldBe(others[0].Name);
    }

    /// <summary>Rule: a tracker that is not the first passes the question on. Without it two views make two origins.</summary>
    [Fact]
    public void A_tracker_that_is_not_the_first_passes_the_question_on()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var others = simulation.Nodes.Except(trackers).ToArray();

        // Who takes the first tracker for a suspect asks the second.
        simulation.Network.IsUdpCut = (from, to) => (from == others[0].Index || to == others[0].Index) && (from == trackers[0].Index || to == trackers[0].Index);
        var core = others[0].Node!.Core;
        core.View[core.View.FindName(trackers[0].Node!.Core.SelfRecord.NameHash)].Flags |= Membership.MemberFlags.UdpBlocked;
        Ask(simulation, others[1], key).Kind.ShouldBe(GrantKind.Origin);
        simulation.Network.IsUdpCut = null;
        var grant = Ask(simulation, others[0], key);
        grant.Kind.ShouldBe(GrantKind.Child);
        grant.Candidates.ShouldHaveSingleItem().Name.ShouldBe(others[1].Name);
    }

    /// <summary>Rule: the lease lives on the origin's word. Without it a dead origin's children wait for ever, or an absent agent's are let go at once.</summary>
    [Fact]
    public void An_origin_that_is_silent_for_two_seconds_is_none_any_more_and_one_that_speaks_stays()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var silent = simulation.NewKey();
        var speaking = simulation.NewKey();
        Ask(simulation, simulation.Nodes[3], silent).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[3], speaking).Kind.ShouldBe(GrantKind.Origin);
        for (var step = 0; step < 6; step++)
        {
            simulation.RunFor(TimeSpan.FromMilliseconds(500));
            simulation.Nodes[3].Node!.ReportLease(speaking, LeasePhase.Fetching, step);
        }

        Ask(simulation, simulation.Nodes[4], silent).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[4], speaking).Kind.ShouldBe(GrantKind.Child);
    }

    /// <summary>Rule: a released lease ends at once. Without it all wait for a node whose upstream said 401.</summary>
    [Fact]
    public void After_an_origin_has_let_go_the_next_asker_is_the_origin()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        Ask(simulation, simulation.Nodes[3], key).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[4], key).Kind.ShouldBe(GrantKind.Child);
        simulation.Nodes[3].Node!.ReportLease(key, LeasePhase.Released, 0);
        simulation.RunFor(s_roundTrip);
        Ask(simulation, simulation.Nodes[4], key, reason: GrantReason.SourceLost).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[5], key).Candidates.ShouldHaveSingleItem().Name.ShouldBe("node-4");
    }

    /// <summary>Rule: when the origin dies, the child with the highest mark goes on. Without it bytes that are here are fetched again.</summary>
    [Fact]
    public void After_the_origins_end_the_child_that_has_most_goes_on_and_the_others_follow_it()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        AskAll(simulation, key, nodes: 8);
        simulation.RunFor(s_roundTrip);
        simulation.RunFor(TimeSpan.FromSeconds(3)); // the lease is over
        var grants = new Dictionary<string, Grant>(StringComparer.Ordinal);
        foreach (var node in simulation.Nodes.Take(8))
        {
            node.Node!.AskRole(Question(key, 7, GrantReason.SourceLost, offset: 1000 + (node.Index * 10)), s_patience, grant => grants[node.Name] = grant);
        }

        simulation.RunFor(TimeSpan.FromMilliseconds(600));
        grants.Count.ShouldBe(8);
        grants.Where(grant => grant.Value.Kind == GrantKind.Origin).ShouldHaveSingleItem().Key.ShouldBe("node-7");
        grants.Where(grant => grant.Key != "node-7").ShouldAllBe(grant => grant.Value.Candidates.Any(candidate => candidate.Name == "node-7"));
    }

    /// <summary>Rule: a first request with an offset makes its asker the preferred origin. Without it the bytes it has are fetched again.</summary>
    [Fact]
    public void Who_has_bytes_already_is_an_origin_while_the_other_has_none()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        Ask(simulation, simulation.Nodes[3], key).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[4], key, offset: 5000).Kind.ShouldBe(GrantKind.Origin);
        simulation.Nodes[3].Node!.ReportLease(key, LeasePhase.Fetching, 10_000);
        simulation.RunFor(s_roundTrip);
        Ask(simulation, simulation.Nodes[5], key, offset: 5000).Kind.ShouldBe(GrantKind.Child);
    }

    /// <summary>Rule: one more origin a blob in three seconds. Without it a slow upstream is asked by everybody.</summary>
    [Fact]
    public void An_escape_from_a_slow_origin_is_granted_once_in_three_seconds()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        Ask(simulation, simulation.Nodes[3], key).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[4], key);
        Ask(simulation, simulation.Nodes[5], key);
        Ask(simulation, simulation.Nodes[4], key, reason: GrantReason.Escape, offset: 10).Kind.ShouldBe(GrantKind.Origin);
        Ask(simulation, simulation.Nodes[5], key, reason: GrantReason.Escape, offset: 10).Kind.ShouldBe(GrantKind.Denied);
        simulation.RunFor(TimeSpan.FromSeconds(3));
        Ask(simulation, simulation.Nodes[5], key, reason: GrantReason.Escape, offset: 10).Kind.ShouldBe(GrantKind.Origin);
    }

    /// <summary>Rule: several blobs of one image get different origins. Without it one node's link, and its three downloads, are all there is.</summary>
    [Fact]
    public void Who_is_an_origin_already_is_another_one_only_when_nobody_else_comes()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var (shared, alone) = (simulation.NewKey(), simulation.NewKey());
        var grants = new Dictionary<string, Grant>(StringComparer.Ordinal);
        simulation.Nodes[3].Node!.AskRole(Question(shared, 1, load: 1), s_patience, grant => grants["loaded"] = grant);
        simulation.Nodes[3].Node!.AskRole(Question(alone, 1, load: 2), s_patience, grant => grants["alone"] = grant);
        simulation.RunFor(s_roundTrip);
        simulation.Nodes[4].Node!.AskRole(Question(shared, 1), s_patience, grant => grants["free"] = grant);
        simulation.RunFor(TimeSpan.FromMilliseconds(60));
        grants["free"].Kind.ShouldBe(GrantKind.Origin);
        grants["loaded"].Kind.ShouldBe(GrantKind.Child);
        grants["alone"].Kind.ShouldBe(GrantKind.Origin);
    }

    /// <summary>Rule: holders come before those that fetch. Without it a blob that is here is waited for.</summary>
    [Fact]
    public void Who_holds_the_blob_is_named_first()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        simulation.Nodes[9].Node!.Announce(key);
        simulation.RunFor(s_roundTrip);
        var grant = Ask(simulation, simulation.Nodes[3], key);
        grant.Kind.ShouldBe(GrantKind.Child);
        grant.Candidates.ShouldHaveSingleItem().Name.ShouldBe("node-9");
    }

    /// <summary>Rule: who failed its asker is no holder to it, also where the asker is the tracker. Without it the last holder's death makes a pull wait ten seconds.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_lost_the_last_holder_becomes_the_origin(bool isTracker)
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var others = simulation.Nodes.Except(trackers).ToArray();
        others[0].Node!.Announce(key);
        simulation.RunFor(s_roundTrip);
        others[0].Crash();
        var asker = isTracker ? trackers[0] : others[1];
        Ask(simulation, asker, key, reason: GrantReason.SourceLost, avoid: [others[0].Name]).Kind.ShouldBe(GrantKind.Origin);
    }

    /// <summary>Rule: small blobs in waves of sixteen a holder. Without it the first holder serves a thousand at once.</summary>
    [Fact]
    public void Those_that_wait_for_a_small_blob_are_told_in_waves()
    {
        using var simulation = FactFromSimulation.Settled(100);
        var key = simulation.NewKey();
        var grants = AskAll(simulation, key, size: Small);
        simulation.RunFor(s_roundTrip);
        var origin = grants.ShouldHaveSingleItem().Key;
        simulation.Nodes.Single(node => node.Name == origin).Node!.Announce(key);
        simulation.RunFor(s_roundTrip);
        grants.Count.ShouldBe(1 + 16);

        foreach (var name in grants.Keys.Where(name => name != origin).ToArray())
        {
            simulation.Nodes.Single(node => node.Name == name).Node!.Announce(key);
        }

        simulation.RunFor(s_roundTrip);
        grants.Count.ShouldBe(100);
    }

    /// <summary>Rule: who was told and does not get it keeps nobody waiting. Without it sixteen dead nodes stop the rest.</summary>
    [Fact]
    public void A_wave_that_gets_nowhere_does_not_stop_the_next()
    {
        using var simulation = FactFromSimulation.Settled(60);
        var key = simulation.NewKey();
        var grants = AskAll(simulation, key, size: Small);
        simulation.RunFor(s_roundTrip);
        simulation.Nodes.Single(node => node.Name == grants.Keys.Single()).Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromMilliseconds(1500));
        grants.Values.Count(grant => grant.Kind == GrantKind.Child).ShouldBeGreaterThanOrEqualTo(32);
    }

    /// <summary>Rule: without a tracker everybody goes upstream, and not late.</summary>
    [Fact]
    public void With_no_tracker_to_be_reached_the_answer_is_nothing_and_comes_soon()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var asker = simulation.Nodes.Except(trackers).First();
        foreach (var tracker in trackers)
        {
            tracker.Crash();
        }

        Ask(simulation, asker, key, within: TimeSpan.FromMilliseconds(320)).Kind.ShouldBe(GrantKind.None);
    }

    /// <summary>Rule: questions are asked twice before another tracker grants. Without it loss makes second origins.</summary>
    [Fact]
    public void Loss_makes_few_second_origins()
    {
        using var simulation = FactFromSimulation.Settled(50);
        simulation.Network.Loss = 0.05;
        var origins = 0;
        for (var blob = 0; blob < 20; blob++)
        {
            var grants = AskAll(simulation, simulation.NewKey());
            simulation.RunFor(TimeSpan.FromMilliseconds(400));
            grants.Count.ShouldBe(50);
            origins += grants.Values.Count(grant => grant.Kind == GrantKind.Origin);
        }

        origins.ShouldBeLessThanOrEqualTo(22);
    }

    private static GrantRequest Question(DirectoryKey key, ulong request, GrantReason reason = GrantReason.First, long offset = 0, long size = 0, int load = 0, string[]? avoid = null) =>
        new(key, request, offset, size, reason, load, avoid ?? []);

    private static Dictionary<string, Grant> AskAll(Simulation.Simulation simulation, DirectoryKey key, int nodes = int.MaxValue, long size = 0)
    {
        var grants = new Dictionary<string, Grant>(StringComparer.Ordinal);
        foreach (var node in simulation.Nodes.Take(nodes))
        {
            node.Node!.AskRole(Question(key, 1, size: size), s_patience, grant => grants[node.Name] = grant);
        }

        return grants;
    }

    private static Grant Ask(
        Simulation.Simulation simulation, SimulatedNode asker, DirectoryKey key, ulong request = 1, GrantReason reason = GrantReason.First, long offset = 0,
        TimeSpan? within = null, string[]? avoid = null)
    {
        Grant? granted = null;
        asker.Node!.AskRole(Question(key, request, reason, offset, avoid: avoid), s_patience, grant => granted = grant);
        simulation.RunFor(within ?? s_roundTrip);
        return granted.ShouldNotBeNull();
    }
}
