using Peili.Bench.Results;

namespace Peili.Bench.Measurements;

/// <summary>From the start of an agent to its line <c>ready</c>, and its memory when nobody asks it for anything.</summary>
internal static class StartMeasurement
{
    private const int Starts = 10;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    /// <summary>Leaves the bystander's agent running. The time includes the few milliseconds it takes to enter the node's namespaces.</summary>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var agent = bench.Bystander.Agent;
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            if (agent.IsRunning)
            {
                await agent.StopAsync(cancellationToken);
            }

            times.Add((await agent.StartAsync(cancellationToken: cancellationToken)).TotalMilliseconds);
        }

        await Task.Delay(Idle, cancellationToken);
        return
        [
            new Figure("agent.start.ms", $"start to ready, median of {Starts}", times.Median(), "ms"),
            new Figure("agent.idle.rss.mib", "memory, idle", agent.Process.ReadUsage().ResidentBytes / Units.Mebibyte, "MiB"),
        ];
    }
}
