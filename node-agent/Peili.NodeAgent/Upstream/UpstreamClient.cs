namespace Peili.NodeAgent.Upstream;

/// <summary>
/// The HTTP client of the upstream probe. It uses the proxy of the environment (HTTPS_PROXY, NO_PROXY). Any certificate will do: only whether
/// something answers counts, nothing is sent, and nothing of the answer is used; containerd has certificate authorities of its own configuration.
/// </summary>
internal sealed class UpstreamClient() : HttpMessageInvoker(CreateHandler())
{
    private static SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        };
#pragma warning disable CA5359 // The summary says why any certificate will do.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return handler;
    }
}
