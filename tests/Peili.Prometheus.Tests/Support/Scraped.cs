using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Peili.Prometheus.Tests.Support;

/// <summary>A meter of a test's own, and who scrapes it.</summary>
internal sealed class Scraped : IDisposable
{
    public const string OpenMetrics = "application/openmetrics-text;version=1.0.0";

    private readonly MeterProvider _provider;

    public Scraped(Action<MeterProviderBuilder>? configure = null, ILogger<PrometheusExporterMiddleware>? logger = null)
    {
        var exporter = new PrometheusExporter();
        var builder = Sdk.CreateMeterProviderBuilder().AddMeter(Meter.Name).AddPrometheusExporter(exporter);
        configure?.Invoke(builder);
        _provider = builder.Build();
        Middleware = new PrometheusExporterMiddleware(exporter, TimeProvider.System, logger ?? NullLogger<PrometheusExporterMiddleware>.Instance);
    }

    public Meter Meter { get; } = new($"test.{Guid.NewGuid()}");

    public PrometheusExporterMiddleware Middleware { get; }

    public MeterProvider Provider => _provider;

    /// <summary>One scrape as Prometheus makes it: the whole answer.</summary>
    public Task<HttpResponse> SendAsync(string? accept = null, string method = "GET") => AnswerAsync(accept, method, CancellationToken.None);

    /// <summary>One by a scraper that leaves.</summary>
    public Task<HttpResponse> SendUntilAsync(CancellationToken leaves) => AnswerAsync(null, "GET", leaves);

    public async Task<string> ScrapeAsync(string? accept = null)
    {
        var response = await SendAsync(accept);
        response.StatusCode.ShouldBe(200);
        return BodyOf(response);
    }

    public async Task<IReadOnlyDictionary<string, ExpositionFamily>> ReadAsync(bool openMetrics) =>
        Exposition.Parse(await ScrapeAsync(openMetrics ? OpenMetrics : null), openMetrics);

    public static string BodyOf(HttpResponse response) => Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());

    public void Dispose()
    {
        Middleware.Dispose();
        _provider.Dispose();
        Meter.Dispose();
    }

    private async Task<HttpResponse> AnswerAsync(string? accept, string method, CancellationToken aborted)
    {
        var http = new DefaultHttpContext { RequestAborted = aborted };
        http.Request.Method = method;
        http.Request.Headers.Accept = accept;
        http.Response.Body = new MemoryStream();
        await Middleware.InvokeAsync(http);
        return http.Response;
    }
}
