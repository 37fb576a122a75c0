namespace Peili.Overlay.Simulation.ColdStart;

/// <summary>A cold start on virtual time: links are shared evenly among whoever has something to send, in steps of a few milliseconds.</summary>
internal sealed class SimulatedHerd
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ReportStep = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, SimulatedFetch> byName;
    private double upstreamBytes;

    private SimulatedHerd(Simulation simulation, HerdSettings settings)
    {
        Simulation = simulation;
        Settings = settings;
        Key = new DirectoryKey(simulation.Random.Next(), simulation.Random.Next(), 0, 0);
        Fetches = [.. simulation.Nodes.Select((node, index) => new SimulatedFetch(this, node, index))];
        byName = Fetches.ToDictionary(fetch => fetch.Name, StringComparer.Ordinal);
    }

    public Simulation Simulation { get; }

    public HerdSettings Settings { get; }

    public DirectoryKey Key { get; }

    public IReadOnlyList<SimulatedFetch> Fetches { get; }

    public long Now => Simulation.Now;

    public SimulatedFetch Find(string name) => byName[name];

    /// <summary>Runs until all that live have the blob.</summary>
    public static HerdResult Run(HerdSettings settings)
    {
        using var simulation = new Simulation(settings.Seed);
        simulation.AddSettled(settings.Nodes);
        return new SimulatedHerd(simulation, settings).Run();
    }

    private HerdResult Run()
    {
        var start = Now;
        var limit = start + TimeSpan.FromSeconds((20 * Settings.Bound) + 60).Ticks;
        var isStruck = false;
        var nextReport = start;
        foreach (var fetch in Fetches)
        {
            fetch.Start();
        }

        while (Fetches.Any(fetch => fetch.State is not (FetchState.Done or FetchState.Dead)) && Now < limit)
        {
            Simulation.RunFor(Step);
            Transfer();
            if (!isStruck && Fetches.Any(fetch => fetch.Received > Settings.Size / 2))
            {
                isStruck = true;
                Strike();
            }

            if (Now >= nextReport)
            {
                nextReport = Now + ReportStep.Ticks;
                Each(fetch => fetch.Report());
            }
        }

        var unfinished = Fetches.Count(fetch => fetch.State is not (FetchState.Done or FetchState.Dead));
        var last = Fetches.Where(fetch => fetch.State == FetchState.Done).Max(fetch => fetch.DoneAt);
        return new HerdResult(TimeSpan.FromTicks((unfinished > 0 ? limit : last) - start).TotalSeconds, upstreamBytes / Settings.Size, unfinished);
    }

    private void Strike()
    {
        var lost = new List<SimulatedFetch>();
        if (Settings.LosesTracker)
        {
            var core = Fetches[0].Node.Node!.Core;
            lost.Add(Find(core.View[core.Placement.Of(Key.Slot).First].Record.Name));
        }

        while (lost.Count < (int)(Settings.Deaths * Fetches.Count))
        {
            lost.Add(Fetches[(int)(Simulation.Random.NextDouble() * Fetches.Count)]);
        }

        lost.Distinct().ToList().ForEach(fetch => fetch.Die());

        // The machines are gone, not only the agents: nothing refuses a connection there.
        Simulation.Network.IsCut = (from, to) => Fetches[from].State == FetchState.Dead || Fetches[to].State == FetchState.Dead;
    }

    private void Transfer()
    {
        var seconds = Step.TotalSeconds;
        var origins = Fetches.Where(fetch => fetch.State == FetchState.Origin && Now >= fetch.UpstreamFrom).ToArray();
        foreach (var origin in origins)
        {
            var bytes = Math.Min(Math.Min(Settings.UpstreamRate * seconds / origins.Length, Settings.LinkRate * seconds), Settings.Size - origin.Received);
            origin.Receive(bytes);
            upstreamBytes += bytes;
        }

        foreach (var parent in Fetches)
        {
            if (parent.State != FetchState.Dead && parent.Children.Count > 0)
            {
                Share(parent, Settings.LinkRate * seconds);
            }
        }

        Each(fetch => fetch.Settle());
    }

    /// <summary>What one child does not use the others get.</summary>
    private static void Share(SimulatedFetch parent, double capacity)
    {
        var waiting = parent.Children.OrderBy(child => parent.Mark - child.Received).ToArray();
        for (var at = 0; at < waiting.Length; at++)
        {
            var bytes = Math.Min(Math.Max(0, parent.Mark - waiting[at].Received), capacity / (waiting.Length - at));
            waiting[at].Receive(bytes);
            capacity -= bytes;
        }
    }

    private void Each(Action<SimulatedFetch> action)
    {
        foreach (var fetch in Fetches)
        {
            if (fetch.State != FetchState.Dead)
            {
                action(fetch);
            }
        }
    }
}
