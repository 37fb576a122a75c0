using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Peili.Hosting;
using Peili.Kubernetes.Models;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Installation;
using Peili.Operator.Resources;

namespace Peili.Operator.Metrics;

/// <summary>
/// The operator's <c>/metrics</c>: under a certificate of the installation's authority, for who has the token of the Secret. Replicas that stand by
/// serve theirs too; both Secrets they have from the informer.
/// </summary>
internal sealed partial class MetricsEndpoint(
    OperatorMetrics metrics, ClusterCache cache, OperatorCredentials credentials, OperatorOptions options, ILogger<MetricsEndpoint> logger)
{
    /// <summary>How a handshake that begins now is answered.</summary>
    /// <exception cref="InvalidOperationException">There is no authority yet; the handshake ends.</exception>
    public SslServerAuthenticationOptions ForServer()
    {
        credentials.Follow(cache, options.Namespace);
        return new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ServerCertificateContext = credentials.Current.Context,
            AllowRenegotiation = false,
        };
    }

    public Task HandleAsync(HttpContext http)
    {
        if (!IsAllowed(http.Request))
        {
            http.Response.Headers.WWWAuthenticate = BearerTokens.Challenge;
            http.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            return Task.CompletedTask;
        }

        if (http.Request.Path == "/metrics")
        {
            return metrics.ScrapeAsync(http);
        }

        http.Response.StatusCode = (int)HttpStatusCode.NotFound;
        return Task.CompletedTask;
    }

    private bool IsAllowed(HttpRequest request)
    {
        try
        {
            return Find(MetricsToken.SecretName)?.Text(MetricsToken.Key) is { } text && BearerTokens.Parse(text).Allow(request);
        }
        catch (FormatException exception)
        {
            LogUnusable(options.Namespace, MetricsToken.SecretName, exception.Message);
            return false;
        }
    }

    private Secret? Find(string name) => cache.Secrets.Items.GetValueOrDefault(new NamespacedName(options.Namespace, name));

    [LoggerMessage(EventId = 140, Level = LogLevel.Warning, Message = "Secret {Namespace}/{Name} lets nobody in: {Reason}. Delete it to have a new token made")]
    private partial void LogUnusable(string @namespace, string name, string reason);
}
