namespace Peili.Overlay.Tests;

/// <summary>The rules of the directory (overlay.md), on simulated clusters.</summary>
public sealed class DirectoryTests
{
    [Fact]
    public void An_announced_key_is_found_after_one_round_trip_and_a_withdrawn_one_is_not()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        simulation.Nodes[3].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromMilliseconds(2));
        var begun = simulation.Now;
        var took = TimeSpan.MaxValue;
        var asker = simulation.Nodes.First(node => !simulation.TrackersOf(key).Contains(node) && node.Index != 3);
        asker.Node!.Lookup(key, result =>
        {
            result.Candidates.ShouldHaveSingleItem().Name.ShouldBe("node-3");
            took = TimeSpan.FromTicks(simulation.Now - begun);
        });
        simulation.RunFor(TimeSpan.FromMilliseconds(25));
        took.ShouldBeLessThan(TimeSpan.FromMilliseconds(1.3));
        simulation.Nodes[3].Node!.Withdraw(key);
        simulation.RunFor(TimeSpan.FromMilliseconds(2));
        asker.Find(simulation, key).Outcome.ShouldBe(LookupOutcome.NotFound);
    }

    /// <summary>Rule: announcements are acknowledged and retried.</summary>
    [Fact]
    public void An_announcement_survives_heavy_loss()
    {
        using var simulation = FactFromSimulation.Settled(30);
        simulation.Network.Loss = 0.4;
        var keys = Enumerable.Range(0, 50).Select(_ => simulation.NewKey()).ToArray();
        foreach (var key in keys)
        {
            simulation.Nodes[3].Node!.Announce(key);
        }

        simulation.RunFor(TimeSpan.FromSeconds(2)); // no death, no comparison heals it so soon
        simulation.Network.Loss = 0;
        foreach (var key in keys)
        {
            simulation.Nodes[7].NamesFound(simulation, key).ShouldBe(["node-3"]);
        }
    }

    /// <summary>Rule: hedged within 3 ms. Without it a dead first tracker costs the whole lookup.</summary>
    [Fact]
    public void A_dead_first_tracker_costs_one_hedge()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var others = simulation.Nodes.Except(trackers).ToArray();
        others[0].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromMilliseconds(10));
        trackers[0].Crash();
        var begun = simulation.Now;
        var took = TimeSpan.MaxValue;
        others[1].Node!.Lookup(key, result =>
        {
            result.Outcome.ShouldBe(LookupOutcome.Found);
            took = TimeSpan.FromTicks(simulation.Now - begun);
        });
        simulation.RunFor(TimeSpan.FromMilliseconds(25));
        took.ShouldBeLessThan(TimeSpan.FromMilliseconds(4.5));
    }

    /// <summary>Rule: a lookup asks again before it gives up. Without it silent trackers hide what came just after the question.</summary>
    [Fact]
    public void What_is_announced_during_a_lookup_is_found_although_the_other_trackers_are_silent()
    {
        using var simulation = FactFromSimulation.Settled(30);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var others = simulation.Nodes.Except(trackers).ToArray();
        trackers[1].Stall(TimeSpan.FromSeconds(3));
        trackers[2].Stall(TimeSpan.FromSeconds(3));
        var begun = simulation.Now;
        var took = TimeSpan.MaxValue;
        others[1].Node!.Lookup(key, result =>
        {
            result.Outcome.ShouldBe(LookupOutcome.Found);
            took = TimeSpan.FromTicks(simulation.Now - begun);
        });
        simulation.RunFor(TimeSpan.FromMilliseconds(0.7));
        others[0].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromMilliseconds(25));
        took.ShouldBeLessThan(TimeSpan.FromMilliseconds(8));
        others[1].Node!.Counters.LookupsAskedDirectly.ShouldBe(0);
    }

    /// <summary>Rule: same zone first, spread over holders, the asker not among them.</summary>
    [Fact]
    public void Candidates_are_of_the_askers_zone_first_and_spread_over_the_holders()
    {
        using var simulation = FactFromSimulation.Settled(60);
        var key = simulation.NewKey();
        foreach (var node in simulation.Nodes.Take(30))
        {
            node.Node!.Announce(key);
        }

        simulation.RunFor(TimeSpan.FromSeconds(1));
        var asker = simulation.Nodes[0];
        var seen = new HashSet<string>();
        for (var count = 0; count < 40; count++)
        {
            var result = asker.Find(simulation, key);
            result.Candidates.Count.ShouldBe(3);
            result.Candidates.ShouldAllBe(candidate => candidate.Zone == asker.Zone && candidate.Name != asker.Name);
            seen.UnionWith(result.Candidates.Select(candidate => candidate.Name));
        }

        seen.Count.ShouldBeGreaterThan(6);
    }

    /// <summary>Rule: a dead member's records are hidden at once, and revived when the same epoch and checksum return.</summary>
    [Fact]
    public void Records_of_the_dead_are_hidden_and_revived_when_they_return_with_the_same_checksum()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var owner = simulation.Nodes[4];
        var keys = Enumerable.Range(0, 40).Select(_ => simulation.NewKey()).ToArray();
        owner.Node!.Announce(keys);
        simulation.RunFor(TimeSpan.FromSeconds(10));
        simulation.Network.IsCut = (from, to) => from != to && (from == 4 || to == 4);
        simulation.RunUntil(() => simulation.AllSee(owner, MemberState.Dead), TimeSpan.FromSeconds(30)).ShouldNotBeNull();
        simulation.Nodes[9].Find(simulation, keys[0]).Outcome.ShouldBe(LookupOutcome.NotFound);
        simulation.RunUntil(() => owner.Node.Core.View.LiveCount == 1, TimeSpan.FromMinutes(4)).ShouldNotBeNull();
        owner.Node.Withdraw(keys[1]); // and has nobody to tell
        simulation.Network.IsCut = null;
        for (var step = 0; step < 800; step++)
        {
            simulation.Nodes[9].Find(simulation, keys[1]).Candidates.ShouldBeEmpty("it was withdrawn before it came back");
        }

        simulation.Nodes[9].NamesFound(simulation, keys[0]).ShouldBe(["node-4"]);
        simulation.Nodes[9].Find(simulation, keys[1]).Outcome.ShouldBe(LookupOutcome.NotFound);
    }

    /// <summary>Rule: holders that left are not offered.</summary>
    [Fact]
    public void A_node_that_left_is_offered_to_nobody()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var key = simulation.NewKey();
        simulation.Nodes[4].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.Nodes[4].Leave();
        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.Nodes[9].Find(simulation, key).Candidates.ShouldBeEmpty();
    }

    /// <summary>Rule: a new tracker answers "unsure" and copies. Without it a join makes its slots' keys vanish.</summary>
    [Fact]
    public void Nothing_is_lost_while_trackers_come_and_go()
    {
        using var simulation = FactFromSimulation.Settled(6);
        var keys = Enumerable.Range(0, 300).Select(_ => simulation.NewKey()).ToArray();
        simulation.Nodes[1].Node!.Announce(keys);
        simulation.RunFor(TimeSpan.FromSeconds(8));
        for (var change = 0; change < 6; change++)
        {
            var joiner = simulation.Add("zone-0");
            joiner.Seeds = [simulation.Nodes[0].Address];
            joiner.Start();
            simulation.RunFor(TimeSpan.FromSeconds(0.3));
            simulation.Nodes[2 + (change % 3)].Crash();
            for (var at = 0; at < 60; at++)
            {
                simulation.Nodes[0].NamesFound(simulation, keys[(change * 50) + at % 50]).ShouldBe(["node-1"], $"change {change}, key {at}");
            }

            simulation.Nodes[2 + (change % 3)].Seeds = [simulation.Nodes[0].Address];
            simulation.Nodes[2 + (change % 3)].Start();
            simulation.RunFor(TimeSpan.FromSeconds(12));
        }
    }

    /// <summary>Rule: a tracker that restarted is warming. All of them at once: the owners tell them again.</summary>
    [Fact]
    public void When_every_tracker_has_restarted_at_once_the_owners_tell_them_again()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var owner = simulation.Nodes.First(node => !trackers.Contains(node));
        owner.Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        foreach (var tracker in trackers)
        {
            tracker.Crash();
            tracker.Seeds = [owner.Address];
            tracker.Start();
        }

        var asker = simulation.Nodes.First(node => !trackers.Contains(node) && node != owner);
        simulation.RunFor(TimeSpan.FromSeconds(1.2));
        asker.NamesFound(simulation, key).ShouldBe([owner.Name], "asking directly is the last resort");
        simulation.RunFor(TimeSpan.FromSeconds(25));
        asker.NamesFound(simulation, key).ShouldBe([owner.Name]);
        asker.Node!.Counters.LookupsAskedDirectly.ShouldBe(1);
    }

    /// <summary>Rule: asked directly once a second per node, no more.</summary>
    [Fact]
    public void Asking_directly_is_limited_to_once_a_second()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var key = simulation.NewKey();
        foreach (var tracker in simulation.TrackersOf(key))
        {
            tracker.Crash();
        }

        var asker = simulation.Nodes.First(node => node.IsUp);
        for (var count = 0; count < 10; count++)
        {
            asker.Find(simulation, key).Outcome.ShouldBe(LookupOutcome.Unsure);
        }

        asker.Node!.Counters.LookupsAskedDirectly.ShouldBe(1);
    }

    /// <summary>Rule: co-trackers compare their slots every minute. Without it one that missed an announcement misses it for ever.</summary>
    [Fact]
    public void Co_trackers_heal_each_other_within_two_minutes()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var key = simulation.NewKey();
        var trackers = simulation.TrackersOf(key);
        var owner = simulation.Nodes.First(node => !trackers.Contains(node));
        simulation.Network.IsUdpCut = (from, to) => from == owner.Index && to != trackers[0].Index;
        owner.Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(2));
        simulation.Network.IsUdpCut = null;
        trackers[2].Node!.Core.TrackedCount.ShouldBe(0);
        simulation.Network.IsUdpCut = (from, to) => from == owner.Index && trackers.Any(tracker => tracker.Index == to);
        simulation.RunFor(TimeSpan.FromSeconds(90));
        trackers[1].Node!.Core.TrackedCount.ShouldBe(1);
        trackers[2].Node!.Core.TrackedCount.ShouldBe(1);
    }

    /// <summary>Rule: an owner sends each tracker the checksum of its slice every ten minutes. It heals what all trackers have wrong.</summary>
    [Fact]
    public void An_owners_slice_summary_heals_a_withdrawal_that_no_tracker_heard()
    {
        using var simulation = FactFromSimulation.Settled(12);
        var owner = simulation.Nodes[5];
        var key = Enumerable.Range(0, 1000).Select(_ => simulation.NewKey()).First(candidate => !simulation.TrackersOf(candidate).Contains(owner));
        owner.Node!.Announce(key, simulation.NewKey(), simulation.NewKey());
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var trackers = simulation.TrackersOf(key).Select(tracker => tracker.Index).ToHashSet();
        simulation.Network.IsUdpCut = (from, to) => from == owner.Index && trackers.Contains(to);
        owner.Node.Withdraw(key);
        simulation.RunFor(TimeSpan.FromSeconds(40)); // until the retries are over
        simulation.Network.IsUdpCut = null;
        var asker = simulation.Nodes.First(node => node != owner && !trackers.Contains(node.Index));
        asker.NamesFound(simulation, key).ShouldBe(["node-5"], "it was not heard");
        simulation.RunFor(TimeSpan.FromMinutes(11));
        asker.Find(simulation, key).Candidates.ShouldBeEmpty();
    }

    /// <summary>Rule: a peer whose requests fail is not offered again before it answers a TCP probe; UDP alone does not do.</summary>
    [Fact]
    public void A_holder_reachable_by_udp_alone_is_not_offered()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var key = simulation.NewKey();
        simulation.Nodes[4].Node!.Announce(key);
        simulation.Nodes[5].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var asker = simulation.Nodes[9];
        simulation.Network.IsTcpCut = (from, to) => from == asker.Index && to == 4;
        asker.Node!.ReportFailure("node-4");
        asker.NamesFound(simulation, key).ShouldBe(["node-5"]);
        simulation.RunFor(TimeSpan.FromSeconds(30));
        asker.NamesFound(simulation, key).ShouldBe(["node-5"]);
        asker.Sees(simulation.Nodes[4])!.Avoided.ShouldBeTrue();
        simulation.Nodes[8].NamesFound(simulation, key).ShouldBe(["node-4", "node-5"], "to others it is as good as ever");
        simulation.Network.IsTcpCut = null;
        simulation.RunFor(TimeSpan.FromSeconds(10));
        asker.NamesFound(simulation, key).ShouldBe(["node-4", "node-5"]);
    }

    /// <summary>Rule: a silent peer is asked whether it is there. Without an answer in any case whoever asks would wait for ever.</summary>
    [Fact]
    public void Who_is_there_answers_and_who_is_not_is_known_within_the_patience()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var asker = simulation.Nodes[9].Node!;
        var answers = new Dictionary<string, bool>();
        void Reach(string name) => asker.Reach(name, TimeSpan.FromMilliseconds(500), isThere => answers.Add(name, isThere));
        simulation.Network.IsCut = static (from, to) => from == 4 || to == 4;
        simulation.Nodes[5].Crash();
        simulation.Nodes[6].Crash();
        simulation.Nodes[6].Start();

        foreach (var name in (string[])["node-3", "node-4", "node-5", "node-6", "node-9", "nobody"])
        {
            Reach(name);
        }

        simulation.RunFor(TimeSpan.FromMilliseconds(501));
        answers.ShouldBe(new Dictionary<string, bool> { ["nobody"] = false, ["node-3"] = true, ["node-4"] = false, ["node-5"] = false, ["node-6"] = false, ["node-9"] = false }, ignoreOrder: true);
    }

    /// <summary>Rule: announcing anew after a change of trackers is spread over 5 s while two old trackers live.</summary>
    [Fact]
    public void A_change_of_trackers_makes_no_burst()
    {
        using var simulation = FactFromSimulation.Settled(200);
        var owner = simulation.Nodes[5];
        owner.Node!.Announce([.. Enumerable.Range(0, 3000).Select(_ => simulation.NewKey())]);
        simulation.RunFor(TimeSpan.FromSeconds(10));
        for (var count = 0; count < 40; count++)
        {
            simulation.Nodes[100 + count].Leave();
        }

        var busiest = 0L;
        for (var step = 0; step < 60; step++)
        {
            var before = owner.Node.Counters.DatagramsSent;
            simulation.RunFor(TimeSpan.FromMilliseconds(100));
            busiest = Math.Max(busiest, owner.Node.Counters.DatagramsSent - before);
        }

        busiest.ShouldBeLessThan(60, "some 160 trackers are told something");
    }

    [Fact]
    public void Keys_announced_before_anybody_is_there_are_found_when_somebody_comes()
    {
        using var simulation = new Simulation.Simulation(1);
        var first = simulation.Add();
        first.Start();
        var key = simulation.NewKey();
        first.Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(5));
        var second = simulation.Add();
        second.Seeds = [first.Address];
        second.Start();
        simulation.RunFor(TimeSpan.FromSeconds(6));
        second.NamesFound(simulation, key).ShouldBe(["node-0"]);
    }

    [Fact]
    public void A_restarted_nodes_keys_are_found_all_the_while()
    {
        using var simulation = FactFromSimulation.Settled(20);
        var owner = simulation.Nodes[4];
        owner.Held.AddRange(Enumerable.Range(0, 100).Select(_ => simulation.NewKey()));
        owner.Node!.Announce([.. owner.Held]);
        simulation.RunFor(TimeSpan.FromSeconds(10));
        owner.Crash();
        owner.Seeds = [simulation.Nodes[1].Address];
        owner.Start();
        simulation.RunFor(TimeSpan.FromSeconds(1));
        for (var count = 0; count < 300; count++)
        {
            simulation.Nodes[9].NamesFound(simulation, owner.Held[count % 100]).ShouldBe(["node-4"], $"lookup {count}");
            simulation.RunFor(TimeSpan.FromMilliseconds(300));
        }
    }
}
