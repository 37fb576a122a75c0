namespace Peili.Overlay.Simulation;

/// <summary>Keeps a share of the members stalled for 3 s at a time, the stalls of one member at least 10 s apart.</summary>
internal sealed class Stalls(Simulation simulation, double share)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);
    private static readonly long Apart = TimeSpan.FromSeconds(10).Ticks;

    private readonly Dictionary<int, long> freeAgainAt = [];

    public bool IsRunning { get; set; } = true;

    public void Begin()
    {
        if (!IsRunning)
        {
            return;
        }

        var node = simulation.Nodes[simulation.Random.Below(simulation.Nodes.Count)];
        if (node.IsUp && !node.IsStalled && freeAgainAt.GetValueOrDefault(node.Index) <= simulation.Now)
        {
            freeAgainAt[node.Index] = simulation.Now + Length.Ticks + Apart;
            node.Stall(Length);
        }

        simulation.At(Length / (share * simulation.Nodes.Count), Begin);
    }
}
