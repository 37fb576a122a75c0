namespace Peili.Overlay.Simulation;

/// <summary>
/// Watches every view: how long until all members know of one member's change, and whether anybody takes a running member for dead.
/// </summary>
internal sealed class ViewWatch
{
    private readonly Simulation simulation;
    private readonly Dictionary<(string Name, bool Lives), Wait> waits = [];

    public ViewWatch(Simulation simulation)
    {
        this.simulation = simulation;
        simulation.MemberChanged = Note;
    }

    /// <summary>Times that some member took for dead another whose very session was running.</summary>
    public int FalseDeaths { get; private set; }

    /// <summary>Measures from now until all who are up (and, if asked so, were not stalled meanwhile) have seen the change.</summary>
    public void Expect(SimulatedNode node, bool lives, bool evenStalled, Samples seconds)
    {
        var missing = simulation.Nodes.Where(other => other.IsUp && other != node).Select(other => other.Index).ToHashSet();
        waits[(node.Name, lives)] = new Wait(simulation.Now, missing, evenStalled, seconds);
    }

    /// <summary>Ends the measurements still open as if they had ended now.</summary>
    public void EndAll()
    {
        foreach (var wait in waits.Values)
        {
            wait.Missing.RemoveWhere(index => !simulation.Nodes[index].IsUp || (!wait.EvenStalled && simulation.Nodes[index].IsStalled));
            wait.Seconds.Add(TimeSpan.FromTicks((wait.Missing.Count == 0 ? wait.Last : simulation.Now) - wait.Start).TotalSeconds);
        }

        waits.Clear();
    }

    private void Note(SimulatedNode observer, MemberRecord who, MemberState? before, MemberState after)
    {
        if (after == MemberState.Dead && NodeOf(who) is { Node: { } running } && running.Core.SelfRecord.Session == who.Session)
        {
            FalseDeaths++;
        }

        if (after == MemberState.Suspect || !waits.TryGetValue((who.Name, after == MemberState.Alive), out var wait)
            || !wait.Missing.Remove(observer.Index))
        {
            return;
        }

        if (NodeOf(who)!.WasStalledSince(wait.Start))
        {
            waits.Remove((who.Name, after == MemberState.Alive)); // it could not say so itself
            return;
        }

        // Who hears it within a second of waking up was stalled: it could not know before.
        wait.Last = wait.EvenStalled || !observer.WasStalledSince(wait.Start) ? simulation.Now : wait.Last;
        if (wait.Missing.All(index => !simulation.Nodes[index].IsUp))
        {
            wait.Seconds.Add(TimeSpan.FromTicks(wait.Last - wait.Start).TotalSeconds);
            waits.Remove((who.Name, after == MemberState.Alive));
        }
    }

    private SimulatedNode? NodeOf(MemberRecord who) => simulation.Find(who.Address);

    private sealed class Wait(long start, HashSet<int> missing, bool evenStalled, Samples seconds)
    {
        public long Start { get; } = start;

        public HashSet<int> Missing { get; } = missing;

        public bool EvenStalled { get; } = evenStalled;

        public Samples Seconds { get; } = seconds;

        public long Last { get; set; } = start;
    }
}
