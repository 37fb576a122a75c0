using Peili.Overlay.Simulation;

namespace Peili.Overlay.Tests;

/// <summary>What most tests on simulated clusters need.</summary>
internal static class FactFromSimulation
{
    public static Simulation.Simulation Settled(int members, ulong seed = 1, int zones = 3)
    {
        var simulation = new Simulation.Simulation(seed);
        simulation.AddSettled(members, zones);
        return simulation;
    }

    /// <summary>What one node believes of another.</summary>
    public static OverlayMember? Sees(this SimulatedNode viewer, SimulatedNode of) =>
        viewer.Node!.GetMembers().SingleOrDefault(member => member.Name == of.Name);

    public static bool AllSee(this Simulation.Simulation simulation, SimulatedNode of, MemberState state) =>
        simulation.Nodes.Where(node => node.IsUp && node != of).All(node => node.Sees(of)?.State == state);

    public static LookupResult Find(this SimulatedNode asker, Simulation.Simulation simulation, DirectoryKey key)
    {
        LookupResult? found = null;
        asker.Node!.Lookup(key, result => found = result);
        simulation.RunFor(TimeSpan.FromMilliseconds(25));
        return found.ShouldNotBeNull("a lookup ends within 20 ms");
    }

    public static string[] NamesFound(this SimulatedNode asker, Simulation.Simulation simulation, DirectoryKey key) =>
        [.. asker.Find(simulation, key).Candidates.Select(candidate => candidate.Name).Order(StringComparer.Ordinal)];

    public static DirectoryKey NewKey(this Simulation.Simulation simulation) => new(simulation.Random.Next(), simulation.Random.Next(), 0, 0);

    /// <summary>The nodes that track a key, as the first node places it.</summary>
    public static SimulatedNode[] TrackersOf(this Simulation.Simulation simulation, DirectoryKey key, int viewer = 0)
    {
        var core = simulation.Nodes[viewer].Node!.Core;
        var trackers = core.Placement.Of(key.Slot);
        return [.. Enumerable.Range(0, trackers.Count).Select(place => simulation.Find(core.View[trackers[place]].Record.Address)!)];
    }
}
