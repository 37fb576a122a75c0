using Peili.Bench.Results;

namespace Peili.Bench.Measurements;

/// <summary>Processor time of agents that nobody asks for anything.</summary>
internal static class IdleMeasurement
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await Task.Delay(Settle, cancellationToken);
        var before = bench.Cluster.Nodes.Select(node => node.Agent.Process.ReadUsage().ProcessorTime).ToArray();
        await Task.Delay(Span, cancellationToken);
        var used = bench.Cluster.Nodes.Select((node, at) => (node.Agent.Process.ReadUsage().ProcessorTime - before[at]) / Span * 100);
        return [new Figure("agent.idle.cpu.percent", "processor, idle, the busiest of three", used.Max(), "%", Target.AtMost(0.2))];
    }
}
