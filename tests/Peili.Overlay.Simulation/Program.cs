using System.Diagnostics;
using System.Globalization;
using Peili.Overlay.Simulation;
using Peili.Overlay.Simulation.Scenarios;

// Usage: Peili.Overlay.Simulation [directory for simulate.json] [scenario...]; without names, all of them: some 50 minutes of one
// processor, half of that for the hour of `steady`, of which `steady5` is a short form.
var output = args.Length > 0 ? args[0] : "artifacts";
var chosen = args.Length > 1 ? args[1..] : ["steady", "adverse", "partition", "n5000", "n10000", "growth", "herd"];
var figures = new Figures(Console.Out);
var clock = Stopwatch.StartNew();
foreach (var scenario in chosen)
{
    switch (scenario)
    {
        case "steady5":
            SteadyHour.Run(figures, "n1000", 1, 1000, TimeSpan.FromMinutes(5), crashes: 40);
            break;
        case "steady":
            SteadyHour.Run(figures, "n1000", 1, 1000, TimeSpan.FromHours(1), crashes: 40);
            break;
        case "adverse":
            SteadyHour.Run(figures, "adverse300", 6, 300, TimeSpan.FromMinutes(5), crashes: 20, isAdverse: true);
            break;
        case "partition":
            HealedPartition.Run(figures, "n1000", 2, 1000, TimeSpan.FromMinutes(5));
            break;
        case "n5000":
            AgentMemory.Run(figures, "n5000", members: 5000, digests: 800, atMost: 8);
            LargeCluster.Run(figures, "n5000", 3, 5000, digests: 800, TimeSpan.FromSeconds(60), churn: true);
            break;
        case "n10000":
            LargeCluster.Run(figures, "n10000", 4, 10_000, digests: 100, TimeSpan.FromSeconds(60), churn: false);
            break;
        case "growth":
            Growth.Run(figures);
            break;
        case "herd":
            ColdStarts.Run(figures, nodes: [10, 100, 1000, 5000], megabytes: [10, 1000, 10_000]);
            break;
        case "herd1000":
            ColdStarts.Run(figures, nodes: [1000], megabytes: [1000]);
            break;
        default:
            Console.Error.WriteLine($"There is no scenario {scenario}");
            return 64;
    }
}

Directory.CreateDirectory(output);
var path = Path.Combine(output, "simulate.json");
File.WriteAllText(path + ".new", figures.ToJson());
File.Move(path + ".new", path, overwrite: true);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:f0} s, written to {path}"));
return figures.Missed.Any() ? 1 : 0;
