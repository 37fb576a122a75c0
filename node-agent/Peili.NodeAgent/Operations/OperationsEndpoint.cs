using System.Net;
using System.Text;
using System.Text.Json;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Operations;

/// <summary>Probes, status and metrics, on loopback.</summary>
internal sealed class OperationsEndpoint(Readiness readiness, StatusReport status, Holders holders, ProbeLog probes, AgentMetrics metrics)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await WriteAsync(http, HttpStatusCode.MethodNotAllowed, "text/plain", "only GET and HEAD are served here\n"u8.ToArray());
            return;
        }

        await (http.Request.Path.Value switch
        {
            "/livez" => WriteAsync(http, HttpStatusCode.OK, "text/plain", "ok\n"u8.ToArray()),
            "/readyz" when readiness.WhyNot is { } reason => WriteAsync(http, HttpStatusCode.ServiceUnavailable, "text/plain", Encoding.UTF8.GetBytes(reason + "\n")),
            "/readyz" => WriteAsync(http, HttpStatusCode.OK, "text/plain", "ok\n"u8.ToArray()),
            "/status" => WriteAsync(
                http, HttpStatusCode.OK, "application/json", JsonSerializer.SerializeToUtf8Bytes(status.Read(), AgentStatusJson.Default.AgentStatus)),
            MetricsEndpoint.Path => metrics.ScrapeAsync(http),
            "/locate" => LocateAsync(http),
            "/probe" => WriteAsync(http, HttpStatusCode.OK, "application/json", JsonSerializer.SerializeToUtf8Bytes(Probe(http), AgentStatusJson.Default.ProbeReport)),
            _ => WriteAsync(http, HttpStatusCode.NotFound, "text/plain", "/livez, /readyz, /metrics, /status, /locate?ref= and /probe?id= are served here\n"u8.ToArray()),
        });
    }

    private ProbeReport Probe(HttpContext http)
    {
        var allowed = probes.Find((string?)http.Request.Query["id"] ?? string.Empty);
        return new ProbeReport(allowed is not null, allowed == true);
    }

    private async Task LocateAsync(HttpContext http)
    {
        var reference = (string?)http.Request.Query["ref"] ?? string.Empty;
        if (await holders.LocateAsync(reference, http.RequestAborted) is { } report)
        {
            await WriteAsync(http, HttpStatusCode.OK, "application/json", JsonSerializer.SerializeToUtf8Bytes(report, AgentStatusJson.Default.LocateReport));
            return;
        }

        var quoted = RegistryError.Quote(reference);
        await WriteAsync(
            http, HttpStatusCode.BadRequest, "text/plain", Encoding.UTF8.GetBytes($"ref must be a digest (sha256:...) or an image's name (docker.io/library/redis:7), not {quoted}\n"));
    }

    private static async Task WriteAsync(HttpContext http, HttpStatusCode code, string contentType, byte[] body)
    {
        http.Response.StatusCode = (int)code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
