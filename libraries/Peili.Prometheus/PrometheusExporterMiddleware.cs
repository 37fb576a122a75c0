using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Peili.Prometheus;

/// <summary>Answers scrapes with what a <see cref="PrometheusExporter"/> collects, in the format that the scraper prefers.</summary>
public sealed class PrometheusExporterMiddleware : IDisposable
{
    /// <summary>A scraper that does not take its answer within this is gone: Prometheus itself waits ten seconds.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    private readonly PrometheusCollectionManager _collections;
    private readonly TimeProvider _time;

    /// <summary>Makes one for an exporter.</summary>
    /// <param name="exporter">Given to a provider with <see cref="PrometheusExporterMeterProviderBuilderExtensions.AddPrometheusExporter"/>.</param>
    /// <param name="time">The clock of its bounds.</param>
    /// <param name="logger">Told of metrics that are left out.</param>
    public PrometheusExporterMiddleware(PrometheusExporter exporter, TimeProvider time, ILogger<PrometheusExporterMiddleware> logger)
    {
        _collections = new PrometheusCollectionManager(exporter, logger);
        _time = time;
    }

    /// <summary>Answers one scrape: 200 with the metrics, 405 to anything but GET and HEAD, 503 when there are too many at once or the instruments cannot be read.</summary>
    /// <param name="httpContext">The request.</param>
    public async Task InvokeAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        if (!HttpMethods.IsGet(httpContext.Request.Method) && !HttpMethods.IsHead(httpContext.Request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        try
        {
            await AnswerAsync(httpContext);
        }
        catch (OperationCanceledException)
        {
            httpContext.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _collections.Dispose();

    private async Task AnswerAsync(HttpContext httpContext)
    {
        using var bound = new CancellationTokenSource(WriteTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, httpContext.RequestAborted);
        var response = httpContext.Response;
        var protocol = PrometheusHeaders.Negotiate(httpContext.Request.Headers.Accept);
        using var buffer = await _collections.CollectAsync(protocol, either.Token);
        if (buffer is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.ContentType = "text/plain";
            await response.Body.WriteAsync("too many scrapes at once, or a metric could not be read; try again\n"u8.ToArray(), either.Token);
            return;
        }

        response.ContentType = PrometheusHeaders.ContentTypeOf(protocol);
        response.ContentLength = buffer.Written.Length;
        response.Headers[HeaderNames.Vary] = HeaderNames.Accept;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.Body.WriteAsync(buffer.Written, either.Token);
        }
    }
}
