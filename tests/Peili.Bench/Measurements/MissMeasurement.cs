using Peili.Bench.Clients;
using Peili.Bench.Results;
using Peili.LocalCluster.Agents;

namespace Peili.Bench.Measurements;

/// <summary>What an agent with two live peers adds to a pull of something that nobody has: the time to its 404, half HEAD, half GET.</summary>
internal static class MissMeasurement
{
    private const int RequestsEach = 500;
    private const int WarmUp = 50;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        foreach (var method in (string[])["HEAD", "GET"])
        {
            var load = new Load(AgentProcess.RegistryEndpoint, method, Workbench.PathOf(Load.AnyDigest))
            {
                Requests = RequestsEach,
                WarmUp = WarmUp,
                Status = 404,
            };
            var result = await LoadClient.RunAsync(bench.Relay.Machine, load, cancellationToken);
            times.AddRange(result.Latencies.Select(latency => latency.TotalMilliseconds));
        }

        return
        [
            new Figure("miss.p50.ms", "404 with two live peers, median", times.Median(), "ms"),
            new Figure("miss.p99.ms", "the same, 99th percentile", times.Percentile(99), "ms", Target.AtMost(20)),
        ];
    }
}
