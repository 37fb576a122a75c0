using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Peili.Bench.Results;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;

namespace Peili.Bench.Measurements;

/// <summary>
/// What the cold start adds to a pull of a blob that nobody wants at the same time: the time to the 404 of a blob whose ingest is there, with
/// and without --relay=off, in turn.
/// </summary>
internal static class RelayMissMeasurement
{
    private const int Requests = 1000;
    private const int WarmUp = 50;
    private const long Size = 10_000_000;

    /// <summary>Starts the bystander's agent anew with --relay=off, and leaves it like that.</summary>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await bench.Bystander.Agent.StopAsync(cancellationToken);
        await bench.Bystander.Agent.StartAsync(new AgentOptions { ExtraArguments = ["--relay=off"] }, cancellationToken);
        await bench.WaitReadyAsync(cancellationToken);
        using var on = bench.Relay.Machine.CreateHttpClient();
        using var off = bench.Bystander.Machine.CreateHttpClient();
        var (withRelay, without) = (new List<double>(), new List<double>());
        for (var request = -WarmUp; request < Requests; request++)
        {
            var times = (On: await AskAsync(bench.Relay, on, cancellationToken), Off: await AskAsync(bench.Bystander, off, cancellationToken));
            if (request >= 0)
            {
                withRelay.Add(times.On);
                without.Add(times.Off);
            }
        }

        return
        [
            new Figure("relay.miss.ms", "404 of a blob that only this node fetches, median", withRelay.Median(), "ms"),
            new Figure("relay.miss.off.ms", "the same with --relay=off", without.Median(), "ms"),
            new Figure("relay.miss.added_ms", "the difference", withRelay.Median() - without.Median(), "ms", Target.AtMost(1)),
        ];
    }

    private static async Task<double> AskAsync(ClusterNode node, HttpClient client, CancellationToken cancellationToken)
    {
        var digest = $"sha256:{RandomNumberGenerator.GetHexString(64, lowercase: true)}";
        using var ingest = new MadeUpIngest(node, digest, Size);
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(new Uri($"http://{AgentProcess.RegistryEndpoint}{Workbench.PathOf(digest)}"), cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return answer.StatusCode == HttpStatusCode.NotFound ? elapsed : throw new InvalidOperationException($"{node.Name} answered {(int)answer.StatusCode} for a blob that nobody has");
    }
}
