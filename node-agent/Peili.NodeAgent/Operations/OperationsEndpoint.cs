using System.Net;
using System.Text;
using System.Text.Json;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Operations.Page;
using Peili.NodeAgent.Registry;
using Peili.Pages;

namespace Peili.NodeAgent.Operations;

/// <summary>Probes, status, metrics and the page, on loopback.</summary>
internal sealed class OperationsEndpoint(Readiness readiness, StatusReport status, Holders holders, ProbeLog probes, AgentMetrics metrics, AgentPage page)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await WriteAsync(http, HttpStatusCode.MethodNotAllowed, "text/plain", "only GET and HEAD are served here\n"u8.ToArray());
            return;
        }

        if (!IsForProbes(http.Request.Path.Value) && PageSecurity.Refuse(http) is var (refused, why))
        {
            await WriteAsync(http, refused, "text/plain", Encoding.UTF8.GetBytes(why + "\n"));
            return;
        }

        PageSecurity.AddHeaders(http.Response);
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
            "/images" => ImagesAsync(http),
            "/check" when page.Check is null => WriteAsync(http, HttpStatusCode.ServiceUnavailable, "text/plain", "the first check has not ended yet\n"u8.ToArray()),
            "/check" => WriteAsync(http, HttpStatusCode.OK, "application/json", page.Check),
            "/events" => page.Events.HandleAsync(http),
            var path when page.Files.Find(path) is { } file => PageFiles.SendAsync(http, file),
            _ => WriteAsync(
                http,
                HttpStatusCode.NotFound,
                "text/plain",
                "/ (a page), /livez, /readyz, /metrics, /status, /locate?ref=, /images?filter=&after=, /check, /events and /probe?id= are served here\n"u8.ToArray()),
        });
    }

    /// <summary>What kubelet, systemd and Prometheus ask for, under whatever name they know.</summary>
    private static bool IsForProbes(string? path) => path is "/livez" or "/readyz" or "/metrics" or "/probe";

    private async Task ImagesAsync(HttpContext http)
    {
        var (filter, after) = ((string?)http.Request.Query["filter"] ?? string.Empty, (string?)http.Request.Query["after"] ?? string.Empty);
        await (filter.Length > ImageList.MaxFilter
            ? WriteAsync(http, HttpStatusCode.BadRequest, "text/plain", Encoding.UTF8.GetBytes($"filter must have at most {ImageList.MaxFilter} characters\n"))
            : WriteAsync(http, HttpStatusCode.OK, "application/json", JsonSerializer.SerializeToUtf8Bytes(page.Images.Read(filter, after), PageJson.Default.ImagesReport)));
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
