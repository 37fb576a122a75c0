using System.Text.Json;
using Peili.Bench.Measurements;
using Peili.Bench.Operator;
using Peili.Bench.Results;
using Peili.Kubernetes.Rest;
using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.Reporting;

namespace Peili.Bench;

/// <summary>
/// Measures, shows and writes down. Exit status 0: it measured, whatever came out, for a bench that fails on a busy machine is no bench;
/// 1: it could not measure.
/// </summary>
internal static class BenchCommand
{
    private const int Failure = 1;
    private const string Agent = "agent";
    private const string Operator = "operator";
    private const string Metrics = "metrics";

    /// <param name="part">agent, or of that metrics alone, or operator; null for all.</param>
    public static async Task<int> RunAsync(string? part)
    {
        if (part is not (null or Agent or Operator or Metrics))
        {
            return Refuse($"{part} is none of {Agent}, {Metrics} and {Operator}", Failure);
        }

        // The oldest containerd that is here; the agent alone is measured.
        var releases = Enum.GetValues<ContainerdRelease>();
        var release = Array.Find(releases, release => Cluster.WhyNot(release) is null);
        var whyNot = part == Operator ? OperatorMeasurement.WhyNot : Cluster.WhyNot(release);
        if (whyNot is not null)
        {
            return Refuse(whyNot, Failure);
        }

        using var interruption = new Interruption();
        try
        {
            await RunAsync(part, release, new Screen(), interruption.Token);
            return 0;
        }
        catch (Exception) when (interruption.Token.IsCancellationRequested)
        {
            // Ctrl-C reaches the programs of the cluster, too: whatever broke then, broke for that reason.
            return Refuse("interrupted", Interruption.ExitStatus);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or TimeoutException or JsonException or KubernetesException)
        {
            return Refuse(exception.Message, Failure);
        }
    }

    private static async Task RunAsync(string? part, ContainerdRelease release, Screen screen, CancellationToken cancellationToken)
    {
        IReadOnlyList<Figure> figures = part switch
        {
            Operator => [],
            Metrics => await MeasureMetricsAsync(release, screen, cancellationToken),
            _ => await MeasureAgentAsync(release, screen, cancellationToken),
        };
        if (part is null or Operator)
        {
            figures = [.. figures, .. await MeasureOperatorAsync(screen, cancellationToken)];
        }

        FigureTable.Show(screen, figures);
        var file = Checkout.PathOf("artifacts", "bench.json");
        FigureFile.Merge(file, figures);
        screen.Line($"written to {file}");
    }

    private static async Task<IReadOnlyList<Figure>> MeasureOperatorAsync(Screen screen, CancellationToken cancellationToken)
    {
        if (OperatorMeasurement.WhyNot is { } reason)
        {
            screen.Line($"the operator is not measured: {reason}");
            return [];
        }

        return await OperatorMeasurement.RunAsync(screen, cancellationToken);
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAgentAsync(ContainerdRelease release, Screen screen, CancellationToken cancellationToken)
    {
        await using var bench = await Workbench.CreateAsync(release, screen, cancellationToken);
        screen.Step("starting an agent ten times");
        var start = await StartMeasurement.RunAsync(bench, cancellationToken);
        await bench.Holder.Agent.StartAsync(cancellationToken: cancellationToken);
        await bench.Relay.Agent.StartAsync(cancellationToken: cancellationToken);
        await bench.WaitReadyAsync(cancellationToken);
        screen.Step("serving 1 GiB, agent and nginx in turn:");
        var serve = await new ServeMeasurement(bench, screen, cancellationToken).RunAsync();
        var metrics = await MeasureMetricsAsync(bench, screen, cancellationToken);
        screen.Step("relaying 10 MB from agent to agent, 200 times");
        var relay = await RelayMeasurement.RunAsync(bench, cancellationToken);
        screen.Step("asking for 1000 blobs that nobody has");
        var miss = await MissMeasurement.RunAsync(bench, cancellationToken);
        screen.Step("relaying 1 GiB from agent to agent, 20 times at once");
        var memory = await MemoryMeasurement.RunAsync(bench, screen, cancellationToken);
        screen.Step("waiting a minute and a half, in which nobody asks for anything");
        var idle = await IdleMeasurement.RunAsync(bench, cancellationToken);
        screen.Step("asking 1000 times for a blob that nobody has and this node fetches, and as often with --relay=off");
        var relayMiss = await RelayMissMeasurement.RunAsync(bench, cancellationToken);
        screen.Step("streaming 20 blobs from agent to agent while they grow");
        var growing = await GrowingMeasurement.RunAsync(bench, cancellationToken);
        return [.. serve, .. metrics, .. relay, .. miss, .. memory, .. start, .. idle, .. relayMiss, .. growing];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureMetricsAsync(ContainerdRelease release, Screen screen, CancellationToken cancellationToken)
    {
        await using var bench = await Workbench.CreateAsync(release, screen, cancellationToken);
        return await MeasureMetricsAsync(bench, screen, cancellationToken);
    }

    private static async Task<IReadOnlyList<Figure>> MeasureMetricsAsync(Workbench bench, Screen screen, CancellationToken cancellationToken)
    {
        screen.Step("serving with metrics and without, in turn");
        var cost = await MetricsCostMeasurement.RunAsync(bench, screen, cancellationToken);
        screen.Step("scraping an agent with 20 transfers that knows 5,000 members, 100 times");
        var scrape = await ScrapeMeasurement.RunAsync(bench, cancellationToken);
        return [.. cost, .. scrape];
    }

    private static int Refuse(string message, int status)
    {
        Console.Error.WriteLine($"bench: {message}");
        return status;
    }
}
