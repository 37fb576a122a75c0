using System.Net;
using Peili.Hosting;

namespace Peili.NodeAgent.Metrics;

/// <summary>The metrics listener: <c>/metrics</c> alone, for who has the token.</summary>
internal sealed class MetricsEndpoint(AgentMetrics metrics, MetricsCredentials? credentials = null)
{
    public const string Path = "/metrics";

    public Task HandleAsync(HttpContext http)
    {
        if (credentials?.Tokens is { } tokens && !tokens.Allow(http.Request))
        {
            http.Response.Headers.WWWAuthenticate = BearerTokens.Challenge;
            http.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            return Task.CompletedTask;
        }

        if (http.Request.Path == Path)
        {
            return metrics.ScrapeAsync(http);
        }

        http.Response.StatusCode = (int)HttpStatusCode.NotFound;
        return Task.CompletedTask;
    }
}
