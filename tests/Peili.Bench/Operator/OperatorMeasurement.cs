using System.Diagnostics;
using System.Globalization;
using Peili.Bench.Results;
using Peili.LocalCluster.Kubernetes;
using Peili.Reporting;

namespace Peili.Bench.Operator;

/// <summary>The operator on 5,000 nodes: its memory, the time until a new one knows every agent, and its writes when nodes come and when nothing happens.</summary>
internal static class OperatorMeasurement
{
    private const int Nodes = 5000;
    private const int Joining = 250;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(60);

    /// <summary>Says in one line why it cannot be measured here, or null.</summary>
    public static string? WhyNot => ControlPlanePrograms.WhyNot;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Screen screen, CancellationToken cancellationToken)
    {
        int[] standing = [.. Enumerable.Range(0, Nodes - Joining)], joining = [.. Enumerable.Range(Nodes - Joining, Joining)];
        screen.Step("starting an API server");
        await using var cluster = await LargeCluster.StartAsync(Nodes, cancellationToken);
        screen.Step(string.Create(CultureInfo.InvariantCulture, $"adding {standing.Length} nodes"));
        await cluster.AddNodesAsync(standing, isLabelled: true, cancellationToken);
        await cluster.AddMirrorAsync(cancellationToken);
        double joinRate, joinWrites, firstPeak;
        await using (var first = OperatorProcess.Start(cluster.KubeConfig))
        {
            screen.Step("adding their statuses and pods, as an operator of before and the DaemonSet's controller would have");
            await cluster.AddStatusesAsync(standing, cancellationToken);
            await cluster.AddPodsAsync(standing, cancellationToken);
            await first.WhileItRunsAsync(cluster.WaitReadyAsync(standing.Length, cancellationToken));
            screen.Step(string.Create(CultureInfo.InvariantCulture, $"{joining.Length} nodes more join ({Describe(first)})"));
            var join = JoinAsync(cluster, joining, cancellationToken);
            await first.WhileItRunsAsync(join);
            (joinRate, joinWrites) = await join;
            firstPeak = first.Usage.PeakResidentBytes / Units.Mebibyte;
        }

        await cluster.AddPodsAsync(joining, cancellationToken);
        screen.Step("starting the operator anew");
        await using var second = OperatorProcess.Start(cluster.KubeConfig);
        await second.WhileItRunsAsync(second.CaughtUp.WaitAsync(cancellationToken));
        var resync = await second.CaughtUp;
        var processor = second.Usage.ProcessorTime.TotalSeconds;
        screen.Step(string.Create(CultureInfo.InvariantCulture, $"it caught up in {resync.TotalSeconds:0.0} s ({Describe(second)}); nothing happens for a minute"));
        var (writes, renewals) = await IdleAsync(cluster, screen, cancellationToken);
        screen.Step($"something changes ({Describe(second)})");
        var specChange = await cluster.ChangeSpecAsync(cancellationToken);
        var agentChange = await cluster.ChangeAgentAsync(cancellationToken);
        var used = second.Usage;
        screen.Step(Describe(second));
        return
        [
            new Figure("operator.5000.rss.mib", "operator, 5,000 nodes, memory, highest", used.PeakResidentBytes / Units.Mebibyte, "MiB", Target.AtMost(190)),
            new Figure("operator.5000.rss_idle.mib", "the same, after a minute in which nothing happened", used.ResidentBytes / Units.Mebibyte, "MiB"),
            new Figure("operator.5000.rss_join.mib", "the same, highest while statuses were made and nodes joined", firstPeak, "MiB", Target.AtMost(190)),
            new Figure("operator.5000.resync.s", "start until it knows every agent", resync.TotalSeconds, "s", Target.AtMost(60)),
            new Figure("operator.5000.resync.cpu_s", "its processor time for that", processor, "s"),
            new Figure("operator.5000.join.writes_s", $"its writes a second while {Joining} nodes join", joinRate, "1/s", Target.AtMost(20)),
            new Figure("operator.5000.join.writes_node", "its writes for each of them", joinWrites, "", Target.AtMost(3.2)),
            new Figure("operator.5000.change.s", "a changed spec until the DaemonSet and the conditions say so", specChange.TotalSeconds, "s", Target.AtMost(5)),
            new Figure("operator.5000.agent_change.s", "a changed verdict of an agent until its NodeMirrorStatus says so", agentChange.TotalSeconds, "s", Target.AtMost(10)),
            new Figure("operator.5000.idle_writes", "its writes in a minute in which nothing happens", writes, "", Target.AtMost(0)),
            new Figure("operator.5000.idle_renewals", "renewals of its lease in that minute", renewals, ""),
        ];
    }

    private static async Task<(double Rate, double PerNode)> JoinAsync(LargeCluster cluster, int[] joining, CancellationToken cancellationToken)
    {
        var begun = await cluster.WritesAsync(cancellationToken);
        await cluster.AddNodesAsync(joining, isLabelled: false, cancellationToken);
        var (before, start) = (await cluster.WritesAsync(cancellationToken), Stopwatch.GetTimestamp());
        await cluster.WaitReadyAsync(Nodes, cancellationToken);
        var (after, seconds) = (await cluster.WritesAsync(cancellationToken), Stopwatch.GetElapsedTime(start).TotalSeconds);

        // The nodes themselves were made here.
        var all = OperatorsOf(Difference(begun, after)) - joining.Length;
        return (OperatorsOf(Difference(before, after)) / seconds, (double)all / joining.Length);
    }

    private static async Task<(long Writes, long Renewals)> IdleAsync(LargeCluster cluster, Screen screen, CancellationToken cancellationToken)
    {
        var before = await cluster.WritesAsync(cancellationToken);
        await Task.Delay(s_idle, cancellationToken);
        var writes = Difference(before, await cluster.WritesAsync(cancellationToken));
        foreach (var (resource, count) in writes.Where(entry => entry.Value > 0))
        {
            screen.Step(string.Create(CultureInfo.InvariantCulture, $"{count} writes of {resource}"));
        }

        return (OperatorsOf(writes), writes.GetValueOrDefault("leases"));
    }

    // The lease must be renewed; the endpoints of the service kubernetes are the API server's own.
    private static long OperatorsOf(Dictionary<string, long> writes) => writes.Where(entry => entry.Key is not ("leases" or "endpoints")).Sum(entry => entry.Value);

    private static Dictionary<string, long> Difference(Dictionary<string, long> before, Dictionary<string, long> after) =>
        after.ToDictionary(entry => entry.Key, entry => entry.Value - before.GetValueOrDefault(entry.Key), StringComparer.Ordinal);

    private static string Describe(OperatorProcess process) => string.Create(
        CultureInfo.InvariantCulture,
        $"memory {process.Usage.ResidentBytes / Units.Mebibyte:0} MiB, at most {process.Usage.PeakResidentBytes / Units.Mebibyte:0} MiB, processor {process.Usage.ProcessorTime.TotalSeconds:0.0} s");
}
