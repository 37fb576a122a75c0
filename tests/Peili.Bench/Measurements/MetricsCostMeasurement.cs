using System.Globalization;
using Peili.Bench.Clients;
using Peili.Bench.Results;
using Peili.Bench.Servers;
using Peili.Reporting;

namespace Peili.Bench.Measurements;

/// <summary>
/// What metrics cost: two agents serve the same blob in turn, one that is scraped every second and one whose OpenTelemetry SDK is switched off. What a round shows of
/// either is compared with the other's, and the median of all rounds counts.
/// </summary>
internal static class MetricsCostMeasurement
{
    private const int Rounds = 12;
    private const int WarmUpRounds = 2;
    private const int BlobsARound = 4;
    private const int Scrapes = 500;
    private static readonly TimeSpan ScrapePeriod = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, Screen screen, CancellationToken cancellationToken)
    {
        await using var scraped = await SpareAgent.StartAsync(bench.Holder, 0, environment: null, cancellationToken);
        await using var silent = await SpareAgent.StartAsync(bench.Holder, 1, new Dictionary<string, string> { ["OTEL_SDK_DISABLED"] = "true" }, cancellationToken);
        using var client = bench.Holder.Machine.CreateHttpClient();
        await ExpectNoneAsync(client, silent, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scrapes = ScrapeAsync(client, scraped, ending.Token);
        var (speed, cost) = (new List<double>(), new List<double>());
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            // Who comes first changes: what the machine does besides falls on both.
            var isScrapedFirst = round % 2 == 0;
            var first = await MeasureAsync(bench, isScrapedFirst ? scraped : silent, cancellationToken);
            var second = await MeasureAsync(bench, isScrapedFirst ? silent : scraped, cancellationToken);
            var (with, without) = isScrapedFirst ? (first, second) : (second, first);
            if (round >= 0)
            {
                speed.Add(100 * (1 - (with.Speed / without.Speed)));
                cost.Add(100 * ((with.Cost / without.Cost) - 1));
            }
        }

        await ending.CancelAsync();
        var count = await scrapes;
        screen.Step(string.Create(CultureInfo.InvariantCulture, $"{Rounds} rounds of {BlobsARound} GiB each, {count} scrapes"));
        return
        [
            new Figure("metrics.cost.percent", "processor time of serving, added by metrics scraped every second", cost.Median(), "%", Target.AtMost(1)),
            new Figure("metrics.cost.throughput.percent", "throughput of serving, lost to the same", speed.Median(), "%"),
            new Figure("metrics.scrape.cpu.percent", "processor that a scrape a second takes, of one core", await CostOfScrapeAsync(bench, client, scraped, cancellationToken), "%", Target.AtMost(1)),
        ];
    }

    private static async Task<(double Speed, double Cost)> MeasureAsync(Workbench bench, SpareAgent agent, CancellationToken cancellationToken)
    {
        var server = agent.Serving(bench.LargePath);
        var before = ProcessorTime.Of(server.ProcessId);
        var result = await LoadClient.RunAsync(bench.Holder.Machine, new Load(server.Address, "GET", server.Path) { Requests = BlobsARound }, cancellationToken);
        return (result.GigabitsPerSecond, (ProcessorTime.Of(server.ProcessId) - before) / result.Gibibytes);
    }

    /// <summary>Many scrapes of an agent that does nothing else: what the rounds show is small beside what a machine does besides, this is not.</summary>
    private static async Task<double> CostOfScrapeAsync(Workbench bench, HttpClient client, SpareAgent agent, CancellationToken cancellationToken)
    {
        var process = agent.Serving(bench.LargePath).ProcessId;
        var before = ProcessorTime.Of(process);
        for (var scrape = 0; scrape < Scrapes; scrape++)
        {
            await client.GetByteArrayAsync(MetricsOf(agent), cancellationToken);
        }

        return 100 * (ProcessorTime.Of(process) - before) / Scrapes / ScrapePeriod.TotalSeconds;
    }

    /// <summary>An agent without metrics has none to give.</summary>
    private static async Task ExpectNoneAsync(HttpClient client, SpareAgent agent, CancellationToken cancellationToken)
    {
        var scraped = await client.GetByteArrayAsync(MetricsOf(agent), cancellationToken);
        if (scraped.Length > 0)
        {
            throw new InvalidOperationException($"an agent whose SDK is switched off answers a scrape with {scraped.Length} bytes");
        }
    }

    private static Uri MetricsOf(SpareAgent agent) => new($"http://{agent.Operations}/metrics");

    /// <summary>Returns how often it was.</summary>
    private static async Task<int> ScrapeAsync(HttpClient client, SpareAgent agent, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ScrapePeriod);
        for (var count = 0; ; count++)
        {
            try
            {
                await client.GetByteArrayAsync(MetricsOf(agent), cancellationToken);
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return count;
            }
        }
    }
}
