using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Peili.Prometheus.Tests.Support;

namespace Peili.Prometheus.Tests;

public sealed class MiddlewareTests : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    private readonly Scraped _scraped = new();

    public void Dispose() => _scraped.Dispose();

    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(Scraped.OpenMetrics, "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    public async Task An_answer_names_its_format_and_its_length(string? accept, string contentType)
    {
        _scraped.Meter.CreateCounter<long>("things").Add(1);

        var get = await _scraped.SendAsync(accept);
        var head = await _scraped.SendAsync(accept, "HEAD");

        foreach (var answer in new[] { get, head })
        {
            answer.StatusCode.ShouldBe(200);
            answer.ContentType.ShouldBe(contentType);
            answer.ContentLength.ShouldBe(get.Body.Length);
            answer.Headers.Vary.ToString().ShouldBe("Accept");
        }

        head.Body.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Only_reading_is_allowed()
    {
        var answer = await _scraped.SendAsync(method: "POST");

        answer.StatusCode.ShouldBe(405);
        answer.Headers.Allow.ToString().ShouldBe("GET, HEAD");
    }

    [Fact]
    public async Task Scrapes_at_once_collect_one_after_the_other_and_too_many_are_turned_away()
    {
        var (inside, most, collected) = (0, 0, 0);
        using var entered = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        _scraped.Meter.CreateObservableGauge("slow", () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            entered.Release();
            goOn.Wait(s_bound, TestContext.Current.CancellationToken).ShouldBeTrue();
            Interlocked.Decrement(ref inside);
            return Interlocked.Increment(ref collected);
        });

        var first = Task.Run(() => _scraped.SendAsync(), TestContext.Current.CancellationToken);
        (await entered.WaitAsync(s_bound, TestContext.Current.CancellationToken)).ShouldBeTrue();
        var others = Enumerable.Range(1, PrometheusCollectionManager.MostScrapes - 1).Select(_ => _scraped.SendAsync(Scraped.OpenMetrics)).ToArray();
        (await _scraped.SendAsync()).StatusCode.ShouldBe(503);
        goOn.Set();

        foreach (var answer in await Task.WhenAll([first, .. others]).WaitAsync(s_bound, TestContext.Current.CancellationToken))
        {
            answer.StatusCode.ShouldBe(200);
        }

        most.ShouldBe(1);
        collected.ShouldBe(PrometheusCollectionManager.MostScrapes);
        (await _scraped.SendAsync()).StatusCode.ShouldBe(200);
    }

    [Fact]
    public async Task A_scraper_that_leaves_while_it_waits_keeps_no_place()
    {
        using var entered = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        _scraped.Meter.CreateObservableGauge("slow", () =>
        {
            entered.Release();
            goOn.Wait(s_bound, TestContext.Current.CancellationToken).ShouldBeTrue();
            return 1;
        });
        var first = Task.Run(() => _scraped.SendAsync(), TestContext.Current.CancellationToken);
        (await entered.WaitAsync(s_bound, TestContext.Current.CancellationToken)).ShouldBeTrue();

        for (var scrape = 0; scrape < 2 * PrometheusCollectionManager.MostScrapes; scrape++)
        {
            using var leaving = new CancellationTokenSource();
            var waiting = _scraped.SendUntilAsync(leaving.Token);
            await leaving.CancelAsync();
            (await waiting.WaitAsync(s_bound, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(200, "nothing was answered, and nothing else than the default shows");
        }

        goOn.Set();
        (await first.WaitAsync(s_bound, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(200);
        entered.CurrentCount.ShouldBe(0, "nobody collected for those who left");
    }

    [Fact]
    public async Task An_instrument_that_fails_costs_itself_alone()
    {
        _scraped.Meter.CreateObservableGauge("broken", Fail);
        _scraped.Meter.CreateCounter<long>("things").Add(1);

        (await _scraped.ReadAsync(openMetrics: false)).Keys.ShouldBe(["things_total"]);
    }

    [Fact]
    public async Task Of_two_metrics_of_one_name_the_second_is_left_out_and_named_once()
    {
        var log = new LinesLogger();
        using var scraped = new Scraped(logger: log);
        scraped.Meter.CreateCounter<long>("a.b").Add(1);
        scraped.Meter.CreateCounter<long>("a_b").Add(2);

        for (var scrape = 0; scrape < 3; scrape++)
        {
            (await scraped.ReadAsync(openMetrics: true))["a_b"].Value("a_b_total").ShouldBe(1);
        }

        log.Lines.ShouldHaveSingleItem().ShouldStartWith("a_b of meter test.");
    }

    [Fact]
    public async Task Meters_that_come_and_go_do_so_in_scrapes_too()
    {
        _scraped.Meter.CreateCounter<long>("first").Add(1);
        (await _scraped.ReadAsync(openMetrics: true)).Keys.ShouldBe(["first"]);
        _scraped.Meter.CreateCounter<long>("second").Add(1);
        (await _scraped.ReadAsync(openMetrics: true)).Keys.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_flush_between_scrapes_changes_nothing()
    {
        _scraped.Meter.CreateCounter<long>("things").Add(1);

        _scraped.Provider.ForceFlush(1000);

        (await _scraped.ReadAsync(openMetrics: true))["things"].Value("things_total").ShouldBe(1);
    }

    [Fact]
    public async Task Thousands_of_points_outgrow_the_first_buffer()
    {
        using var scraped = new Scraped(builder => builder.AddView("*", new MetricStreamConfiguration { CardinalityLimit = 10_000 }));
        var counter = scraped.Meter.CreateCounter<long>("many");
        for (var point = 0; point < 5_000; point++)
        {
            counter.Add(point, new KeyValuePair<string, object?>("point", $"the one with the number {point}"));
        }

        var family = (await scraped.ReadAsync(openMetrics: true))["many"];

        family.Samples.Count.ShouldBe(5_000);
        family.Value("many_total", ("point", "the one with the number 4321")).ShouldBe(4321);
    }

    [Fact]
    public async Task An_exporter_that_no_provider_has_cannot_be_scraped()
    {
        using var exporter = new PrometheusExporter();
        using var middleware = new PrometheusExporterMiddleware(exporter, TimeProvider.System, new LinesLogger());
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";

        await middleware.InvokeAsync(http);

        http.Response.StatusCode.ShouldBe(503);
    }

    private static int Fail() => throw new InvalidOperationException("broken");

    private sealed class LinesLogger : ILogger<PrometheusExporterMiddleware>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
