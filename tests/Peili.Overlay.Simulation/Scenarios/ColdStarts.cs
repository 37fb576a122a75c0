using System.Globalization;
using Peili.Overlay.Simulation.ColdStart;

namespace Peili.Overlay.Simulation.Scenarios;

/// <summary>Makespans of cold starts beside what no scheme can beat.</summary>
internal static class ColdStarts
{
    private const double Gigabit = 125e6;
    private const double Megabyte = 1e6;

    /// <summary>Megabytes from which on a bound is one: what is small is there in a fraction of a second, most of it steps of 1 MiB.</summary>
    private const long Large = 1000;

    /// <summary>All sizes, with a slow upstream and a fast one, and with a part of the nodes dying in the middle.</summary>
    public static void Run(Figures figures, IReadOnlyList<int> nodes, IReadOnlyList<long> megabytes)
    {
        foreach (var count in nodes)
        {
            foreach (var size in megabytes)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"herd.{count}.{size}mb");
                var settings = new HerdSettings(count, (long)(size * Megabyte), 10 * Gigabit, Gigabit);
                var isLarge = size >= Large;
                var slow = Add(figures, $"{name}.slow", settings, makespan: isLarge ? 1.10 : null, upstream: 1.01);
                var fastSettings = settings with { UpstreamRate = 10 * Gigabit };
                var fast = Add(figures, $"{name}.fast", fastSettings, makespan: isLarge ? 2.2 : null, upstream: null);
                figures.Add($"{name}.fast.deaths.more_s", SimulatedHerd.Run(fastSettings with { Deaths = 0.05 }).Makespan - fast.Makespan);
                var deaths = SimulatedHerd.Run(settings with { Deaths = 0.05 });
                figures.Add($"{name}.deaths.more_s", deaths.Makespan - slow.Makespan, isLarge ? Math.Max(2, 0.3 * slow.Makespan) : null);
                figures.Add($"{name}.deaths.upstream", deaths.UpstreamRatio);
                figures.Add($"{name}.deaths.unfinished", deaths.Unfinished, 0);
                var tracker = SimulatedHerd.Run(settings with { LosesTracker = true });
                figures.Add($"{name}.tracker.upstream", tracker.UpstreamRatio, 2);
                figures.Add($"{name}.tracker.unfinished", tracker.Unfinished, 0);
            }
        }
    }

    private static HerdResult Add(Figures figures, string name, HerdSettings settings, double? makespan, double? upstream)
    {
        var result = SimulatedHerd.Run(settings);
        figures.Add($"{name}.makespan", result.Makespan / settings.Bound, makespan);
        figures.Add($"{name}.upstream", result.UpstreamRatio, upstream);
        figures.Add($"{name}.unfinished", result.Unfinished, 0);
        return result;
    }
}
