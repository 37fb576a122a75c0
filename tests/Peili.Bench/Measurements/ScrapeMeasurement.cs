using System.Diagnostics;
using System.Globalization;
using System.Text;
using Peili.Bench.Clients;
using Peili.Bench.Results;
using Peili.Bench.Servers;

namespace Peili.Bench.Measurements;

/// <summary>How long a scrape of a busy agent takes, and how large it is: 20 transfers as fast as a link of 1 Gbit/s has them, 25 registries seen, 5,000 members known.</summary>
internal static class ScrapeMeasurement
{
    private const int Transfers = 20;
    private const int Registries = 25;
    private const int Members = 5000;
    private const int Scrapes = 100;
    private const int WarmUp = 10;
    private const int BlockSize = 512 * 1024;

    private static readonly TimeSpan BetweenBlocks = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan BetweenScrapes = TimeSpan.FromMilliseconds(100);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await using var agent = await SpareAgent.StartAsync(bench.Holder, 0, environment: null, cancellationToken);
        using var client = bench.Holder.Machine.CreateHttpClient();
        client.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text; version=1.0.0");
        await ManyMembers.IntroduceAsync(client, agent.Peer, Members, cancellationToken);
        for (var registry = 0; registry < Registries; registry++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{bench.SmallPath.Split('?')[0]}?ns=registry-{registry}.bench.test");
            using var answer = await client.GetAsync(new Uri($"http://{agent.Registry}{path}"), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var transfers = Enumerable.Range(0, Transfers).Select(_ => ReadAsync(client, new Uri($"http://{agent.Registry}{bench.LargePath}"), ending.Token)).ToArray();
        var times = new List<double>();
        var text = "";
        for (var scrape = -WarmUp; scrape < Scrapes; scrape++)
        {
            await Task.Delay(BetweenScrapes, cancellationToken);
            var start = Stopwatch.GetTimestamp();
            text = Encoding.UTF8.GetString(await client.GetByteArrayAsync(new Uri($"http://{agent.Operations}/metrics"), cancellationToken));
            if (scrape >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Expect(text, "peili_agent_transfers_active{to=\"containerd\"}", Transfers);
        Expect(text, "peili_overlay_members{state=\"alive\"}", Members * 9 / 10);
        await ending.CancelAsync();
        await Task.WhenAll(transfers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return
        [
            new Figure("metrics.scrape.ms", $"scrape, {Transfers} transfers, {Members} members, median", times.Median(), "ms", Target.AtMost(10)),
            new Figure("metrics.scrape.p99.ms", "the same, 99th percentile", times.Percentile(99), "ms"),
            new Figure("metrics.scrape.kib", "the same, its size", text.Length / 1024.0, "KiB", Target.AtMost(100_000 / 1024.0)),
        ];
    }

    private static async Task ReadAsync(HttpClient client, Uri blob, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(blob, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        for (var block = new byte[BlockSize]; await body.ReadAtLeastAsync(block, BlockSize, throwOnEndOfStream: false, cancellationToken) > 0;)
        {
            await Task.Delay(BetweenBlocks, cancellationToken);
        }
    }

    /// <summary>An agent that is not as busy as it should be is not measured.</summary>
    private static void Expect(string text, string series, int least)
    {
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(series, StringComparison.Ordinal)) ?? $"no {series}";
        if (!int.TryParse(line.Split(' ')[^1], CultureInfo.InvariantCulture, out var value) || value < least)
        {
            throw new InvalidOperationException($"the agent that is scraped is not as busy as it should be: {line}, not {least}");
        }
    }
}
