using Peili.Overlay.Simulation;

namespace Peili.Overlay.Tests;

/// <summary>The rules of sealing (overlay.md, Packets): what an outsider sends changes nothing, and is counted by reason.</summary>
public sealed class SealingTests
{
    private static readonly ClusterKeys First = Simulation.Simulation.DefaultKeys;
    private static readonly string FirstText = Convert.ToBase64String(new byte[32]);
    private static readonly string SecondText = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

    [Fact]
    public void A_packet_under_an_unknown_key_is_dropped_and_counted()
    {
        using var simulation = new Simulation.Simulation(1);
        var (member, stranger) = (simulation.Add(), simulation.Add(keys: Simulation.Simulation.ParseKeys(SecondText)));
        member.Start();
        stranger.Start();
        byte[]? sent = null;
        var other = simulation.Add(keys: Simulation.Simulation.ParseKeys(SecondText));
        simulation.Network.Tap = (_, _, bytes) => sent ??= bytes;
        other.Seeds = [stranger.Address];
        other.Start();
        simulation.RunFor(TimeSpan.FromSeconds(5));
        member.Node!.Received(sent.ShouldNotBeNull(), other.Address);
        member.Node.Counters.Dropped(DropReason.UnknownKey).ShouldBe(1);
        member.Node.GetMembers().Count.ShouldBe(1);
    }

    [Fact]
    public void A_changed_bit_anywhere_is_a_forgery_or_worse()
    {
        using var simulation = FactFromSimulation.Settled(5);
        var (packet, from, to) = Record(simulation)[^1];
        var hash = to.Node!.Core.View.Hash;
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var forged = packet.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            to.Node.Received(forged, from.Address);
        }

        var dropped = Enum.GetValues<DropReason>().Sum(to.Node.Counters.Dropped);
        dropped.ShouldBeGreaterThanOrEqualTo(packet.Length * 8);
        to.Node.Counters.Dropped(DropReason.Forged).ShouldBeGreaterThan(0);
        to.Node.Core.View.Hash.ShouldBe(hash);
    }

    [Fact]
    public void A_replayed_packet_is_dropped_and_counted()
    {
        using var simulation = FactFromSimulation.Settled(5);
        var recorded = Record(simulation);
        var before = simulation.Nodes.Sum(node => node.Node!.Counters.Dropped(DropReason.Replayed));
        foreach (var (packet, from, to) in recorded)
        {
            to.Node!.Received(packet, from.Address);
        }

        (simulation.Nodes.Sum(node => node.Node!.Counters.Dropped(DropReason.Replayed)) - before).ShouldBe(recorded.Count);
    }

    /// <summary>Without the receiver's session in the header a restart would forget the window and take old packets for new.</summary>
    [Fact]
    public void Packets_recorded_before_a_restart_mean_nothing_to_the_restarted_member()
    {
        using var simulation = FactFromSimulation.Settled(5);
        var key = simulation.NewKey();
        var recorded = new List<(byte[] Packet, SimulatedNode From, SimulatedNode To)>();
        simulation.Network.Tap = (from, to, bytes) => recorded.Add((bytes, from, to));
        simulation.Nodes[1].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.Network.Tap = null;
        var tracker = simulation.TrackersOf(key).First(node => node.Index != 1);
        simulation.Nodes[1].Node!.Withdraw(key);
        tracker.Crash();
        tracker.Seeds = [simulation.Nodes[1].Address];
        tracker.Start();
        simulation.RunFor(TimeSpan.FromSeconds(90));
        var records = tracker.Node!.Core.TrackedCount;
        foreach (var (packet, from, to) in recorded.Where(item => item.To == tracker))
        {
            to.Node!.Received(packet, from.Address);
        }

        tracker.Node.Core.TrackedCount.ShouldBe(records);
        tracker.Node.Counters.Dropped(DropReason.WrongAddressee).ShouldBeGreaterThan(0);
    }

    /// <summary>Rule: an unknown session gets a cookie before it changes state.</summary>
    [Fact]
    public void A_recorded_introduction_changes_no_view()
    {
        using var simulation = FactFromSimulation.Settled(4);
        var introductions = new List<(byte[] Packet, SimulatedNode From, SimulatedNode To)>();
        simulation.Network.Tap = (from, to, bytes) =>
        {
            if ((bytes[1] & 1) != 0)
            {
                introductions.Add((bytes, from, to));
            }
        };
        var restarted = simulation.Nodes[2];
        restarted.Crash();
        restarted.Start(); // without seeds: it is found by those who still ping it
        simulation.RunUntil(() => restarted.Node!.Core.View.LiveCount == 4, TimeSpan.FromSeconds(20)).ShouldNotBeNull();
        introductions.Count.ShouldBeGreaterThan(2, "challenges and their answers");
        simulation.Network.Tap = null;

        // Everybody forgets it, and then an eavesdropper plays all of it again.
        restarted.Leave();
        simulation.RunFor(TimeSpan.FromMinutes(3));
        simulation.Nodes[0].Node!.GetMembers().ShouldNotContain(member => member.Name == "node-2");
        foreach (var (packet, from, to) in introductions.Where(item => item.To.IsUp))
        {
            to.Node!.Received(packet, from.Address);
        }

        simulation.RunFor(TimeSpan.FromSeconds(1));
        foreach (var node in simulation.Nodes.Where(node => node.IsUp))
        {
            node.Node!.GetMembers().ShouldNotContain(member => member.Name == "node-2");
        }
    }

    /// <summary>Rule: the first key sends, any opens.</summary>
    [Fact]
    public void Keys_rotate_node_by_node_without_a_lost_lookup()
    {
        using var simulation = FactFromSimulation.Settled(12);
        var key = simulation.NewKey();
        simulation.Nodes[3].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        foreach (var step in new[] { $"{FirstText}\n{SecondText}", $"{SecondText}\n{FirstText}", SecondText })
        {
            foreach (var node in simulation.Nodes)
            {
                node.Node!.UpdateKeys(Simulation.Simulation.ParseKeys(step));
                simulation.RunFor(TimeSpan.FromMilliseconds(200));
                simulation.Nodes[(node.Index + 5) % 12].NamesFound(simulation, key)
                    .ShouldBe((node.Index + 5) % 12 == 3 ? [] : ["node-3"]);
            }
        }

        simulation.Nodes.Sum(node => node.Node!.Counters.Dropped(DropReason.UnknownKey)).ShouldBe(0);
    }

    [Fact]
    public void A_node_without_keys_and_one_with_keys_do_not_hear_each_other()
    {
        using var simulation = new Simulation.Simulation(1, First);
        var keyed = simulation.Add();
        var open = simulation.Add(keys: ClusterKeys.Insecure);
        keyed.Start();
        open.Start();
        byte[] clear = [ProtocolVersion.Current, 2, 0, .. new byte[24], 1, 2, 3];
        keyed.Node!.Received(clear, open.Address);
        keyed.Node.Counters.Dropped(DropReason.UnknownKey).ShouldBe(1);
        Should.Throw<ArgumentException>(() => keyed.Node.UpdateKeys(ClusterKeys.Insecure));
    }

    [Fact]
    public void Without_keys_a_cluster_works_in_the_clear()
    {
        using var simulation = new Simulation.Simulation(1, ClusterKeys.Insecure);
        simulation.AddSettled(6);
        var key = simulation.NewKey();
        simulation.Nodes[2].Node!.Announce(key);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.Nodes[5].NamesFound(simulation, key).ShouldBe(["node-2"]);
    }

    private static List<(byte[] Packet, SimulatedNode From, SimulatedNode To)> Record(Simulation.Simulation simulation)
    {
        var recorded = new List<(byte[] Packet, SimulatedNode From, SimulatedNode To)>();
        simulation.Network.Tap = (from, to, bytes) => recorded.Add((bytes, from, to));
        simulation.RunFor(TimeSpan.FromSeconds(2));
        simulation.Network.Tap = null;
        simulation.RunFor(TimeSpan.FromMilliseconds(5));
        recorded.Count.ShouldBeGreaterThan(10);
        return recorded;
    }
}
