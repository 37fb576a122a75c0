using Peili.Overlay.Simulation;

namespace Peili.Overlay.Tests;

/// <summary>The rules of membership (overlay.md), on simulated clusters.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void A_crash_is_known_to_all_within_ten_seconds()
    {
        using var simulation = FactFromSimulation.Settled(64);
        simulation.Network.Loss = 0.01;
        simulation.Nodes[5].Crash();
        simulation.RunUntil(() => simulation.AllSee(simulation.Nodes[5], MemberState.Dead), TimeSpan.FromSeconds(10)).ShouldNotBeNull();
    }

    [Fact]
    public void A_leave_and_a_join_are_known_to_all_within_two_seconds()
    {
        using var simulation = FactFromSimulation.Settled(64);
        simulation.Network.Loss = 0.01;
        var node = simulation.Nodes[9];
        node.Leave();
        simulation.RunUntil(() => simulation.AllSee(node, MemberState.Left), TimeSpan.FromSeconds(2)).ShouldNotBeNull();
        node.Seeds = [simulation.Nodes[1].Address];
        node.Start();
        simulation.RunUntil(() => simulation.AllSee(node, MemberState.Alive), TimeSpan.FromSeconds(2)).ShouldNotBeNull();
    }

    [Fact]
    public void A_change_that_a_member_tells_of_raises_its_incarnation_everywhere()
    {
        using var simulation = FactFromSimulation.Settled(64);
        var node = simulation.Nodes[9];
        uint SeenBy(SimulatedNode other) => other.Node!.GetMembers().Single(member => member.Name == node.Name).Incarnation;
        var before = simulation.Nodes.Max(SeenBy);
        node.Node!.TellOfChange();
        simulation.RunUntil(() => simulation.Nodes.All(other => SeenBy(other) > before), TimeSpan.FromSeconds(3)).ShouldNotBeNull();
    }

    [Fact]
    public void A_member_that_moves_to_another_zone_is_seen_there_and_what_it_has_is_still_found()
    {
        using var simulation = FactFromSimulation.Settled(64);
        var node = simulation.Nodes[9];
        var keys = Enumerable.Range(0, 200).Select(_ => simulation.NewKey()).ToArray();
        node.Node!.Announce(keys);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        node.Node!.MoveTo("elsewhere");
        simulation.RunUntil(
            () => simulation.Nodes.All(other => other.Node!.GetMembers().Single(member => member.Name == node.Name) is { Zone: "elsewhere", State: MemberState.Alive }),
            TimeSpan.FromSeconds(3)).ShouldNotBeNull();
        simulation.RunFor(TimeSpan.FromSeconds(10));
        foreach (var key in keys)
        {
            simulation.Nodes[7].NamesFound(simulation, key).ShouldBe([node.Name]);
            simulation.TrackersOf(key).ShouldAllBe(tracker => tracker.IsUp);
        }

        var placed = simulation.Nodes.Select(other => other.Node!.Core.Placement.Hash).Distinct().ShouldHaveSingleItem();
        placed.ShouldBe(node.Node!.Core.Placement.Hash);
    }

    /// <summary>Rule: after a wake-up drain the socket, lengthen suspicions by the stall, then run timers. Without it stalled members bury others.</summary>
    [Fact]
    public void Members_that_stall_for_three_seconds_neither_die_nor_kill()
    {
        using var simulation = FactFromSimulation.Settled(100);
        simulation.Network.Loss = 0.01;
        var watch = new ViewWatch(simulation);
        new Stalls(simulation, 0.05).Begin();
        simulation.RunFor(TimeSpan.FromMinutes(2));
        watch.FalseDeaths.ShouldBe(0);
        simulation.Nodes.Sum(node => node.Node!.Counters.Refutations).ShouldBeGreaterThan(50, "or nobody was even suspected");
        simulation.Nodes.Sum(node => node.Node!.Counters.Stalls).ShouldBeGreaterThan(100);
    }

    /// <summary>
    /// The same rule, seen from one that stalled while it suspected somebody: its own silence proves nothing. It hears nothing for a second
    /// after it woke up, so that neither the socket nor a last word can help it.
    /// </summary>
    [Fact]
    public void A_member_that_was_stalled_gives_its_suspects_the_time_it_missed()
    {
        using var simulation = FactFromSimulation.Settled(10);
        var (suspect, judge) = (simulation.Nodes[1], simulation.Nodes[2]);
        suspect.Stall(TimeSpan.FromSeconds(3));
        simulation.RunUntil(() => judge.Sees(suspect)!.State == MemberState.Suspect, TimeSpan.FromSeconds(3)).ShouldNotBeNull();
        var verdicts = 0;
        simulation.MemberChanged = (observer, who, _, after) =>
            verdicts += observer == judge && who.Name == suspect.Name && after == MemberState.Dead ? 1 : 0;
        judge.Stall(TimeSpan.FromSeconds(20));
        simulation.Network.IsCut = static (_, to) => to == 2;
        simulation.RunFor(TimeSpan.FromSeconds(21));
        simulation.Network.IsCut = null;
        simulation.RunFor(TimeSpan.FromSeconds(10));
        verdicts.ShouldBe(0);
        judge.Sees(suspect)!.State.ShouldBe(MemberState.Alive);
    }

    /// <summary>The same rule: what waits in the socket comes before the timers that are late.</summary>
    [Fact]
    public void A_member_that_wakes_up_reads_its_socket_before_it_does_anything()
    {
        using var simulation = FactFromSimulation.Settled(10);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var sleeper = simulation.Nodes[2];
        var before = sleeper.Node!.Counters.DatagramsSent;
        var atDrain = -1L;
        sleeper.Draining = () => atDrain = atDrain < 0 ? sleeper.Node.Counters.DatagramsSent : atDrain;
        sleeper.Stall(TimeSpan.FromSeconds(3));
        simulation.RunFor(TimeSpan.FromSeconds(4));
        atDrain.ShouldBe(before);
    }

    /// <summary>Rule: indirect probes. Without them a one-way loss between two members makes suspicions for ever.</summary>
    [Fact]
    public void A_one_way_partition_between_two_members_kills_neither()
    {
        using var simulation = FactFromSimulation.Settled(8);
        simulation.Network.IsCut = static (from, to) => from == 1 && to == 2;
        var watch = new ViewWatch(simulation);
        simulation.RunFor(TimeSpan.FromMinutes(3));
        watch.FalseDeaths.ShouldBe(0);
        simulation.Nodes.Sum(node => node.Node!.Counters.Suspicions).ShouldBe(0);
    }

    /// <summary>Rule: a TCP probe tells "UDP blocked" from "gone".</summary>
    [Fact]
    public void Two_members_between_which_udp_is_blocked_stay_alive_and_say_so()
    {
        using var simulation = FactFromSimulation.Settled(8);
        simulation.Network.IsUdpCut = static (from, to) => (from, to) is (1, 2) or (2, 1);
        var watch = new ViewWatch(simulation);
        simulation.RunUntil(
            () => simulation.Nodes[1].Sees(simulation.Nodes[2])!.UdpBlocked && simulation.Nodes[2].Sees(simulation.Nodes[1])!.UdpBlocked,
            TimeSpan.FromMinutes(2)).ShouldNotBeNull();
        simulation.Nodes[3].Sees(simulation.Nodes[2])!.UdpBlocked.ShouldBeFalse();
        watch.FalseDeaths.ShouldBe(0);
        simulation.Network.IsUdpCut = null;
        simulation.RunUntil(() => !simulation.Nodes[1].Sees(simulation.Nodes[2])!.UdpBlocked, TimeSpan.FromMinutes(2)).ShouldNotBeNull();
    }

    /// <summary>The same in a cluster of two, which has no helpers: TCP alone keeps them together.</summary>
    [Fact]
    public void Two_nodes_alone_with_udp_blocked_stay_together()
    {
        using var simulation = FactFromSimulation.Settled(2);
        simulation.Network.IsUdpCut = static (_, _) => true;
        simulation.RunFor(TimeSpan.FromMinutes(2));
        var seen = simulation.Nodes[0].Sees(simulation.Nodes[1])!;
        (seen.State, seen.UdpBlocked).ShouldBe((MemberState.Alive, true));
    }

    /// <summary>Rule: a ping names its addressee; "not me" is death at once. Without it an address that was given anew keeps the dead alive.</summary>
    [Fact]
    public void Somebody_else_at_an_address_is_the_death_of_who_was_there()
    {
        using var simulation = FactFromSimulation.Settled(12);
        var former = simulation.Nodes[4];
        former.Crash();
        former.NextName = "node-new";
        simulation.Network.IsTcpCut = static (_, to) => to == 4; // a TCP probe would find out as well
        former.Seeds = [simulation.Nodes[1].Address];
        former.Start();
        var took = simulation.RunUntil(
            () => simulation.Nodes.Where(node => node != former).All(node =>
                node.Node!.GetMembers().Single(member => member.Name == "node-4").State == MemberState.Dead),
            TimeSpan.FromSeconds(20));
        took.ShouldNotBeNull();
        took.Value.ShouldBeLessThan(TimeSpan.FromSeconds(3.5), "a suspicion alone lasts longer");
    }

    /// <summary>Rule: epoch = max(clock, persisted + 1), and whoever knows a higher one says so.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(20, false)]
    [InlineData(20, true)]
    public void A_node_whose_clock_went_back_jumps_over_its_former_epoch(int secondsLater, bool left)
    {
        using var simulation = FactFromSimulation.Settled(6);
        var node = simulation.Nodes[2];
        var before = node.Node!.Epoch;
        if (left)
        {
            node.Leave();
        }
        else
        {
            node.Crash();
        }

        simulation.RunFor(TimeSpan.FromSeconds(secondsLater));
        node.PersistedEpoch = 0;
        node.ClockSkew = TimeSpan.FromDays(-30);
        node.Seeds = [simulation.Nodes[1].Address];
        node.Start();
        node.Node.Epoch.ShouldBeLessThan(before);
        simulation.RunUntil(() => node.Node.Epoch > before && simulation.Nodes[5].Sees(node)!.Epoch == node.Node.Epoch, TimeSpan.FromSeconds(5))
            .ShouldNotBeNull();
    }

    /// <summary>
    /// Rule: a member is in once it has pulled a view, and tries until it has. Without it a start whose first calls fail, and which hears the
    /// others' datagrams meanwhile, is neither alone nor in, and stays warming.
    /// </summary>
    [Fact]
    public void A_start_that_hears_the_others_before_a_pull_succeeds_becomes_ready_all_the_same()
    {
        using var simulation = FactFromSimulation.Settled(3);
        var node = simulation.Nodes[0];
        node.Crash();
        node.Seeds = [simulation.Nodes[1].Address, simulation.Nodes[2].Address];
        simulation.Network.IsTcpCut = static (from, _) => from == 0;
        node.Start();
        simulation.RunUntil(() => node.Node!.Core.View.LiveCount > 1, TimeSpan.FromSeconds(20)).ShouldNotBeNull("it hears of the others");
        simulation.RunFor(TimeSpan.FromSeconds(5));
        simulation.Network.IsTcpCut = null;
        simulation.RunUntil(() => simulation.Nodes[1].Sees(node)!.Status == MemberStatus.Ready, TimeSpan.FromSeconds(60)).ShouldNotBeNull();
    }

    [Fact]
    public void A_persisted_epoch_counts_although_the_clock_went_back()
    {
        using var simulation = new Simulation.Simulation(1);
        var node = simulation.Add();
        node.PersistedEpoch = 9_000_000_000_000;
        node.Start();
        node.Node!.Epoch.ShouldBe(9_000_000_000_001u);
    }

    /// <summary>Rule: of two live addresses with one name the higher epoch wins; the loser keeps still, says so, and returns when it can.</summary>
    [Fact]
    public void Of_two_nodes_with_one_name_the_later_wins_until_it_is_gone()
    {
        using var simulation = FactFromSimulation.Settled(6);
        simulation.RunFor(TimeSpan.FromSeconds(2));
        var first = simulation.Nodes[3];
        var twin = simulation.Add(name: "node-3");
        twin.Seeds = [simulation.Nodes[0].Address];
        twin.Start();
        simulation.RunUntil(() => first.Node!.NameTakenBy == twin.Address, TimeSpan.FromSeconds(10)).ShouldNotBeNull();
        twin.Node!.NameTakenBy.ShouldBeNull();
        simulation.Nodes[1].Sees(first)!.Address.ShouldBe(twin.Address);
        twin.Crash();
        simulation.RunUntil(() => simulation.Nodes[1].Sees(first)!.Address == first.Address, TimeSpan.FromSeconds(30)).ShouldNotBeNull();
        first.Node!.NameTakenBy.ShouldBeNull();
    }

    /// <summary>Rule: dead members are tried again now and then, so that partitions heal.</summary>
    [Fact]
    public void A_partition_heals()
    {
        using var simulation = FactFromSimulation.Settled(40);
        simulation.Network.IsCut = static (from, to) => (from ^ to) % 2 != 0;
        simulation.RunFor(TimeSpan.FromSeconds(60));
        simulation.Nodes[0].Node!.Core.View.LiveCount.ShouldBe(20);
        simulation.Network.IsCut = null;
        simulation.RunUntil(() => simulation.Nodes.All(node => node.Node!.Core.View.LiveCount == 40), TimeSpan.FromSeconds(30)).ShouldNotBeNull();
    }

    /// <summary>Rule: push-pull when the hashes differ. Without it whoever missed news never hears it.</summary>
    [Fact]
    public void Who_heard_none_of_the_news_learns_it_by_push_and_pull()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var deaf = simulation.Nodes[7];
        simulation.Network.IsCut = (from, to) => from == deaf.Index || to == deaf.Index;
        var newcomer = simulation.Add();
        newcomer.Seeds = [simulation.Nodes[0].Address];
        newcomer.Start();
        simulation.RunFor(TimeSpan.FromSeconds(3));
        deaf.Sees(newcomer).ShouldBeNull();
        simulation.Network.IsCut = null;
        simulation.RunUntil(() => deaf.Sees(newcomer)?.State == MemberState.Alive, TimeSpan.FromSeconds(10)).ShouldNotBeNull();
    }

    /// <summary>Rule: joiners choose at random among seeds and last known peers; a busy one sends them on.</summary>
    [Fact]
    public void Hundreds_that_join_through_one_seed_all_get_in()
    {
        using var simulation = FactFromSimulation.Settled(12);
        for (var count = 0; count < 200; count++)
        {
            var joiner = simulation.Add();
            joiner.Seeds = [simulation.Nodes[0].Address];
            joiner.Start();
        }

        simulation.RunUntil(() => simulation.Nodes.All(node => node.Node!.Core.View.LiveCount == 212), TimeSpan.FromSeconds(30)).ShouldNotBeNull();
    }

    [Fact]
    public void A_cluster_that_restarts_as_a_whole_finds_itself_by_last_known_peers()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var known = simulation.Nodes.Take(5).Select(node => node.Address).ToList();
        foreach (var node in simulation.Nodes)
        {
            node.Crash();
            node.KnownPeers = known;
        }

        simulation.RunFor(TimeSpan.FromSeconds(30));
        foreach (var node in simulation.Nodes)
        {
            node.Start();
        }

        simulation.RunUntil(
            () => simulation.Nodes.All(node => node.Node!.Core.View.LiveCount == 20 && node.Sees(node)!.Status == MemberStatus.Ready),
            TimeSpan.FromSeconds(30)).ShouldNotBeNull();
    }

    [Fact]
    public void A_node_alone_is_ready_and_goes_on_looking_for_seeds()
    {
        using var simulation = new Simulation.Simulation(1);
        var alone = simulation.Add();
        var later = simulation.Add();
        alone.Seeds = [later.Address];
        alone.Start();
        simulation.RunFor(TimeSpan.FromSeconds(30));
        alone.Sees(alone)!.Status.ShouldBe(MemberStatus.Ready);
        later.Start();
        simulation.RunUntil(() => alone.Sees(later)?.State == MemberState.Alive && later.Sees(alone)?.State == MemberState.Alive, TimeSpan.FromSeconds(20))
            .ShouldNotBeNull();
    }

    /// <summary>Two islands that started apart and share a seed list meet, although neither is alone.</summary>
    [Fact]
    public void Islands_that_started_apart_meet_through_seeds()
    {
        using var simulation = new Simulation.Simulation(1);
        simulation.Network.IsCut = static (from, to) => (from < 2) != (to < 2);
        var nodes = Enumerable.Range(0, 4).Select(_ => simulation.Add()).ToArray();
        foreach (var node in nodes)
        {
            node.Seeds = [.. nodes.Select(other => other.Address)];
            node.Start();
        }

        simulation.RunFor(TimeSpan.FromSeconds(60));
        nodes[0].Node!.Core.View.LiveCount.ShouldBe(2);
        simulation.Network.IsCut = null;
        simulation.RunUntil(() => nodes.All(node => node.Node!.Core.View.LiveCount == 4), TimeSpan.FromMinutes(3)).ShouldNotBeNull();
    }

    /// <summary>Rule: a restart shorter than the suspicion changes no tracker.</summary>
    [Fact]
    public void A_short_restart_changes_no_tracker()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var watcher = simulation.Nodes[1].Node!.Core;
        var before = watcher.Placement.Hash;
        var node = simulation.Nodes[8];
        node.Crash();
        simulation.RunFor(TimeSpan.FromSeconds(1.5));
        node.Seeds = [simulation.Nodes[2].Address];
        node.Start();
        for (var step = 0; step < 100; step++)
        {
            simulation.RunFor(TimeSpan.FromMilliseconds(50));
            watcher.Placement.Hash.ShouldBe(before);
        }

        simulation.Nodes[1].Sees(node)!.Status.ShouldBe(MemberStatus.Ready);
    }

    /// <summary>Rule: a stale claim is answered with the newer incarnation. Without it one that missed a refutation spreads the suspicion again.</summary>
    [Fact]
    public void Who_claims_something_stale_is_told_the_newer()
    {
        using var simulation = FactFromSimulation.Settled(10);
        var (suspect, late) = (simulation.Nodes[1], simulation.Nodes[2]);
        simulation.Network.IsCut = (from, to) => from != to && (from == 2 || to == 2);
        suspect.Stall(TimeSpan.FromSeconds(2.5));
        simulation.RunFor(TimeSpan.FromSeconds(3));
        suspect.Node!.Counters.Refutations.ShouldBeGreaterThan(0);
        var core = late.Node!.Core;
        var index = core.View.FindSession(suspect.Node.Core.SelfRecord.Session);
        var before = core.View[index].Incarnation;
        simulation.RunFor(TimeSpan.FromSeconds(0.5));
        simulation.Network.IsCut = null;
        simulation.RunUntil(() => core.View[index].Incarnation > before && late.Sees(suspect)!.State == MemberState.Alive, TimeSpan.FromSeconds(5))
            .ShouldNotBeNull();
    }

    [Fact]
    public void Two_runs_of_one_seed_are_the_same_to_the_byte()
    {
        static ulong Trace(ulong seed)
        {
            using var simulation = new Simulation.Simulation(seed);
            simulation.Network.Loss = 0.05;
            simulation.AddSettled(30);
            new Stalls(simulation, 0.05).Begin();
            simulation.Nodes[3].Node!.Announce(new DirectoryKey(seed, 1, 2, 3));
            simulation.RunFor(TimeSpan.FromSeconds(5));
            simulation.Nodes[4].Crash();
            simulation.RunFor(TimeSpan.FromSeconds(15));
            return simulation.TraceHash;
        }

        Trace(1).ShouldBe(Trace(1));
        Trace(2).ShouldNotBe(Trace(1));
    }
}
