namespace Peili.Overlay.Simulation.Scenarios;

/// <summary>
/// A cluster on links of 0.5 ms with 1 % loss, where 2 % of the members are stalled at any moment: crashes, leaves, joins, lookups and
/// announcements, and nobody taken for dead who is not. The adverse form adds wrong clocks, of which nothing is remembered over a
/// restart, and links that are cut in one direction.
/// </summary>
internal sealed class SteadyHour : IDisposable
{
    /// <summary>One in so many directions is cut.</summary>
    private const int OneWayCuts = 200;

    private static readonly long Settling = TimeSpan.TicksPerSecond;

    private readonly Simulation simulation;
    private readonly ViewWatch watch;
    private readonly Samples crash = new();
    private readonly Samples leave = new();
    private readonly Samples join = new();
    private readonly Samples lookup = new();
    private readonly Samples miss = new();
    private readonly Samples found = new();
    private readonly List<(DirectoryKey Key, SimulatedNode Owner)> keys = [];
    private readonly bool isAdverse;
    private long end;
    private int wrongLookups;
    private int unsureLookups;

    private SteadyHour(ulong seed, int members, bool isAdverse)
    {
        this.isAdverse = isAdverse;
        simulation = new Simulation(seed);
        simulation.Network.Loss = 0.01;
        simulation.AddSettled(members);
        watch = new ViewWatch(simulation);
        if (isAdverse)
        {
            simulation.Network.IsCut = static (from, to) => Core.Mix.Of(((ulong)from << 32) | (uint)to) % OneWayCuts == 0;
        }
    }

    public static void Run(Figures figures, string name, ulong seed, int members, TimeSpan duration, int crashes, bool isAdverse = false)
    {
        using var scenario = new SteadyHour(seed, members, isAdverse);
        scenario.Run(duration, crashes);
        figures.Add($"{name}.crash.known_s", scenario.crash.Maximum, 10);
        figures.Add($"{name}.crash.p50_s", scenario.crash.Percentile(0.5));
        figures.Add($"{name}.crash.count", scenario.crash.Count);
        figures.Add($"{name}.leave.known_s", scenario.leave.Maximum, 2);
        figures.Add($"{name}.join.known_s", scenario.join.Maximum, 2);
        figures.Add($"{name}.false_deaths", scenario.watch.FalseDeaths, 0);
        figures.Add($"{name}.lookup.p50_ms", scenario.lookup.Percentile(0.5));
        figures.Add($"{name}.lookup.p99_ms", scenario.lookup.Percentile(0.99), 5);
        figures.Add($"{name}.lookup.count", scenario.lookup.Count);
        figures.Add($"{name}.lookup.wrong", scenario.wrongLookups, 0);
        figures.Add($"{name}.lookup.unsure", scenario.unsureLookups);
        figures.Add($"{name}.miss.p99_ms", scenario.miss.Percentile(0.99), 20);
        figures.Add($"{name}.announce.found_ms", scenario.found.Percentile(0.999), 10);
        figures.Add($"{name}.announce.count", scenario.found.Count);
        var bytes = scenario.simulation.Nodes.Sum(node => node.BytesSent) / (double)members / duration.TotalSeconds;
        figures.Add($"{name}.stalling.bytes_s", bytes);
        figures.Add($"{name}.stalling.datagrams_s", scenario.simulation.Nodes.Sum(node => node.Node?.Counters.DatagramsSent ?? 0) / (double)members / duration.TotalSeconds);
        figures.Add($"{name}.suspicions", scenario.simulation.Nodes.Sum(node => node.Node?.Counters.Suspicions ?? 0) / (double)members);
        figures.Add($"{name}.trace", scenario.simulation.TraceHash % 1_000_000_007);
    }

    public void Dispose() => simulation.Dispose();

    private void Run(TimeSpan duration, int crashes)
    {
        end = simulation.Now + duration.Ticks;
        new Stalls(simulation, 0.02).Begin();
        var period = duration / crashes;
        for (var count = 0; count < crashes; count++)
        {
            simulation.At((period * count) + TimeSpan.FromSeconds(1), Crash);
            simulation.At((period * count) + (period / 2), Leave);
        }

        AnnounceOne();
        LookUpOne();
        simulation.RunUntil(end);
        watch.EndAll();
    }

    private void Crash()
    {
        var node = Choose();
        node.Crash();
        watch.Expect(node, lives: false, evenStalled: true, crash);
        simulation.At(TimeSpan.FromSeconds(20), () => Join(node));
    }

    private void Leave()
    {
        var node = Choose();
        watch.Expect(node, lives: false, evenStalled: false, leave);
        node.Leave();
        simulation.At(TimeSpan.FromSeconds(10), () => Join(node));
    }

    private void Join(SimulatedNode node)
    {
        node.Seeds = [.. Enumerable.Range(0, 3).Select(_ => Choose().Address)];
        if (isAdverse)
        {
            node.PersistedEpoch = 0;
            node.ClockSkew = TimeSpan.FromSeconds(simulation.Random.Below(7200) - 3600);
        }

        node.Start();
        watch.Expect(node, lives: true, evenStalled: false, join);
    }

    /// <summary>A key is announced, and at once somebody begins to look for it.</summary>
    private void AnnounceOne()
    {
        Span<byte> bytes = stackalloc byte[DirectoryKey.Size];
        simulation.Random.Fill(bytes);
        var key = DirectoryKey.FromBytes(bytes);
        var owner = Choose(settled: true);
        owner.Node!.Announce(key);
        var announced = simulation.Now;
        FindUntilFound(key, Choose(except: owner, settled: true), announced, owner);
        if (keys.Count < 5_000)
        {
            keys.Add((key, owner));
            owner.Held.Add(key);
        }

        simulation.At(TimeSpan.FromMilliseconds(100), AnnounceOne);
    }

    /// <summary>Looks again and again until it is found; what counts is when the answer that has it is there.</summary>
    private void FindUntilFound(DirectoryKey key, SimulatedNode asker, long announced, SimulatedNode owner)
    {
        if (!asker.IsUp || asker.IsStalled || !owner.IsUp)
        {
            return;
        }

        asker.Node!.Lookup(key, result =>
        {
            if (result.Outcome == LookupOutcome.Found && !asker.WasStalledSince(announced))
            {
                found.Add(TimeSpan.FromTicks(simulation.Now - announced).TotalMilliseconds);
            }
            else if (!asker.WasStalledSince(announced) && !owner.WasStalledSince(announced))
            {
                simulation.At(TimeSpan.FromMilliseconds(1), () => FindUntilFound(key, asker, announced, owner));
            }
        });
    }

    private void LookUpOne()
    {
        if (keys.Count > 0)
        {
            var (key, owner) = keys[simulation.Random.Below(keys.Count)];
            Measure(key, owner, Choose(except: owner, settled: true), lookup);
            Measure(new DirectoryKey(simulation.Random.Next(), 1, 1, 1), null, Choose(settled: true), miss);
        }

        simulation.At(TimeSpan.FromMilliseconds(40), LookUpOne);
    }

    private void Measure(DirectoryKey key, SimulatedNode? owner, SimulatedNode asker, Samples samples)
    {
        var begun = simulation.Now;
        var isKnown = owner is { IsUp: true } && owner.StartedAt <= begun - Settling;
        asker.Node!.Lookup(key, result =>
        {
            if (asker.WasStalledSince(begun))
            {
                return; // its own clock stood still
            }

            samples.Add(TimeSpan.FromTicks(simulation.Now - begun).TotalMilliseconds);
            var shouldBeFound = isKnown && owner!.IsUp;
            wrongLookups += shouldBeFound && result.Outcome == LookupOutcome.NotFound ? 1 : 0;
            unsureLookups += shouldBeFound && result.Outcome == LookupOutcome.Unsure ? 1 : 0;
        });
    }

    /// <summary>Settled ones have been up, and known to their peers, for a second.</summary>
    private SimulatedNode Choose(SimulatedNode? except = null, bool settled = false)
    {
        while (true)
        {
            var node = simulation.Nodes[simulation.Random.Below(simulation.Nodes.Count)];
            if (node.IsUp && !node.IsStalled && node != except && (!settled || node.StartedAt <= simulation.Now - Settling))
            {
                return node;
            }
        }
    }
}
