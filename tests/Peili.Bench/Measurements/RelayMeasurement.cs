using Peili.Bench.Clients;
using Peili.Bench.Results;
using Peili.LocalCluster.Agents;

namespace Peili.Bench.Measurements;

/// <summary>A blob of 10 MB through two agents on a warm connection, from the request to the last byte.</summary>
internal static class RelayMeasurement
{
    private const int Requests = 200;
    private const int WarmUp = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var load = new Load(AgentProcess.RegistryEndpoint, "GET", bench.SmallPath) { Requests = Requests, WarmUp = WarmUp };
        var result = await LoadClient.RunAsync(bench.Relay.Machine, load, cancellationToken);
        var times = result.Latencies.Select(latency => latency.TotalMilliseconds).ToList();
        return
        [
            new Figure("relay.10mb.ms", "10 MB through two agents, median", times.Median(), "ms", Target.AtMost(40)),
            new Figure("relay.10mb.p99.ms", "the same, 99th percentile", times.Percentile(99), "ms"),
        ];
    }
}
