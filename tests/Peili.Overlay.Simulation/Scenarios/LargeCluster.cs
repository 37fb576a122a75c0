using System.Diagnostics;

namespace Peili.Overlay.Simulation.Scenarios;

/// <summary>Thousands of members with hundreds of digests each: what quiet costs, what churn costs, and how much memory it takes.</summary>
internal static class LargeCluster
{
    private const double Mebibyte = 1024 * 1024;

    public static void Run(Figures figures, string name, ulong seed, int members, int digests, TimeSpan quiet, bool churn)
    {
        var clock = Stopwatch.StartNew();
        var memoryBefore = GC.GetTotalMemory(forceFullCollection: true);
        using var simulation = new Simulation(seed);
        simulation.Network.Loss = 0.01;
        simulation.AddSettled(members);
        Fill(simulation, digests);
        figures.Add($"{name}.made.wall_s", clock.Elapsed.TotalSeconds);
        var watch = new ViewWatch(simulation);
        clock.Restart();
        var processor = Environment.CpuUsage.TotalTime;
        Measure(figures, simulation, $"{name}.quiet", quiet, 2_000);
        figures.Add($"{name}.quiet.cpu_s", (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        figures.Add($"{name}.quiet.wall_s", clock.Elapsed.TotalSeconds);
        figures.Add($"{name}.quiet.simulated_s", quiet.TotalSeconds);
        figures.Add($"{name}.member.mib", (GC.GetTotalMemory(forceFullCollection: true) - memoryBefore) / Mebibyte / members, 1.5);
        if (churn)
        {
            clock.Restart();
            Churn(simulation, members / 10);
            Measure(figures, simulation, $"{name}.churn", TimeSpan.FromSeconds(60), 25_000);
            figures.Add($"{name}.churn.wall_s", clock.Elapsed.TotalSeconds);
            figures.Add($"{name}.churn.news_s", simulation.Nodes.Max(node => node.Node?.Counters.LongestNewsQueued.TotalSeconds ?? 0), 5);
            figures.Add($"{name}.churned.member.mib", (GC.GetTotalMemory(forceFullCollection: true) - memoryBefore) / Mebibyte / members, 1.5);
        }

        figures.Add($"{name}.false_deaths", watch.FalseDeaths, 0);
        figures.Add($"{name}.process.gib", Process.GetCurrentProcess().WorkingSet64 / Mebibyte / 1024, 18);
        figures.Add($"{name}.trace", simulation.TraceHash % 1_000_000_007);
    }

    /// <summary>One digest in eight is one that a hundred nodes hold, as base layers are.</summary>
    private static void Fill(Simulation simulation, int digests)
    {
        var popular = Enumerable.Range(0, Math.Max(1, simulation.Nodes.Count * digests / 800)).Select(_ => NewKey(simulation)).ToArray();
        foreach (var node in simulation.Nodes)
        {
            for (var count = 0; count < digests; count++)
            {
                var key = count % 8 == 0 ? popular[simulation.Random.Below(popular.Length)] : NewKey(simulation);
                node.Held.Add(key);
                var trackers = node.Node!.Core.OwnSettled(key);
                for (var place = 0; place < trackers.Count; place++)
                {
                    simulation.Nodes[trackers[place]].Node!.Core.AddSettledRecord(key, node.Node.Core);
                }
            }
        }
    }

    private static DirectoryKey NewKey(Simulation simulation) => new(simulation.Random.Next(), simulation.Random.Next(), 0, 0);

    /// <summary>Restarts: half of them say goodbye and are back after 3 s, half crash and are back after 2.</summary>
    private static void Churn(Simulation simulation, int restarts)
    {
        var period = TimeSpan.FromSeconds(60) / restarts;
        for (var count = 0; count < restarts; count++)
        {
            var isCrash = count % 2 == 0;
            var node = simulation.Nodes[(int)((long)count * simulation.Nodes.Count / restarts) + simulation.Random.Below(5)];
            simulation.At(period * count, () =>
            {
                if (isCrash)
                {
                    node.Crash();
                }
                else
                {
                    node.Leave();
                }
            });
            simulation.At((period * count) + TimeSpan.FromSeconds(isCrash ? 2 : 3), () =>
            {
                node.Seeds = [.. Enumerable.Range(0, 3).Select(_ => simulation.Nodes[simulation.Random.Below(simulation.Nodes.Count)].Address)];
                node.Start();
            });
        }
    }

    private static void Measure(Figures figures, Simulation simulation, string name, TimeSpan duration, double atMost)
    {
        var before = simulation.Nodes.Sum(node => node.BytesSent);
        var datagramsBefore = simulation.Nodes.Sum(node => node.DatagramBytes);
        simulation.RunFor(duration);
        var members = simulation.Nodes.Count;
        figures.Add($"{name}.bytes_s", (simulation.Nodes.Sum(node => node.BytesSent) - before) / duration.TotalSeconds / members, atMost);
        figures.Add($"{name}.udp_bytes_s", (simulation.Nodes.Sum(node => node.DatagramBytes) - datagramsBefore) / duration.TotalSeconds / members);
    }
}
