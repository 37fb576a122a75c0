using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Rest;

/// <summary>Sends requests as the configuration says: address, trust, credentials, impersonation. A refused credential is renewed once.</summary>
internal sealed class ApiConnection : IDisposable
{
    private readonly KubernetesClientConfiguration _configuration;
    private readonly KubernetesClientOptions _options;
    private readonly ServerTrust _trust;
    private readonly Uri _server;
    private readonly HttpMessageHandler? _given;
    private readonly Lock _lock = new();
    private (HttpMessageInvoker Invoker, X509Certificate2? Certificate)? _current;

    /// <param name="configuration">Where to and as whom.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="handler">What answers in the network's stead; null for the network.</param>
    public ApiConnection(KubernetesClientConfiguration configuration, KubernetesClientOptions options, HttpMessageHandler? handler)
    {
        (_configuration, _options, _given, _trust) = (configuration, options, handler, new ServerTrust(configuration.Cluster));
        var server = configuration.Cluster.Server.AbsoluteUri;
        _server = new Uri(server.EndsWith('/') ? server : server + "/");
        _trust.Authorities();
    }

    /// <summary>Sends a request and returns its answer as soon as its headers are there. The caller disposes it.</summary>
    /// <exception cref="KubernetesException">The server refused, or there was no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var credential = await _configuration.Credentials.GetAsync(null, cancellationToken);
        var answer = await SendAsync(request, credential, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            var another = await _configuration.Credentials.GetAsync(credential, cancellationToken);
            if (!ReferenceEquals(another, credential))
            {
                answer.Dispose();
                answer = await SendAsync(request, another, cancellationToken);
            }
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await RefusalAsync(answer, cancellationToken);
        }
    }

    /// <summary>Reads an answer, whole, within the bound.</summary>
    /// <exception cref="KubernetesException">It is too long, or ended early.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var bound = _options.MaxAnswerBytes;
        if (answer.Content.Headers.ContentLength > bound)
        {
            throw TooLong();
        }

        try
        {
            using var body = new MemoryStream((int)(answer.Content.Headers.ContentLength ?? 0));
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[16 * 1024];
            for (int length; (length = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                body.Write(buffer, 0, length);
                if (body.Length > bound)
                {
                    throw TooLong();
                }
            }

            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new KubernetesException($"the API server's answer ended early: {exception.Message}", exception);
        }

        KubernetesException TooLong() => new($"the API server's answer is longer than {bound} bytes");
    }

    public void Dispose() => _current?.Invoker.Dispose();

    private async Task<HttpResponseMessage> SendAsync(ApiRequest request, Credential credential, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(_server);
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);

        // The handler asks for, and checks, the certificate of this name; SslOptions.TargetHost it ignores.
        message.Headers.Host = _configuration.Cluster.TlsServerName;
        if (credential.Authorization is { } authorization)
        {
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        Impersonate(message);
        HttpStatusCode? code = null;
        try
        {
            var answer = await InvokerFor(credential.Certificate).SendAsync(message, cancellationToken);
            code = answer.StatusCode;
            return answer;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            // The handler lets the socket's own exception through where a connection breaks the moment it is made.
            var reason = exception.InnerException is AuthenticationException or IOException or KubeConfigException ? exception.InnerException.Message : exception.Message;
            throw new KubernetesException($"no answer from {_server}: {reason}", exception);
        }
        finally
        {
            _options.Answered?.Invoke(message.Method, code);
        }
    }

    private void Impersonate(HttpRequestMessage message)
    {
        if (_configuration.Impersonation is not { } impersonation)
        {
            return;
        }

        message.Headers.TryAddWithoutValidation("Impersonate-User", impersonation.User);
        if (impersonation.Uid is { } uid)
        {
            message.Headers.TryAddWithoutValidation("Impersonate-Uid", uid);
        }

        foreach (var group in impersonation.Groups)
        {
            message.Headers.TryAddWithoutValidation("Impersonate-Group", group);
        }

        foreach (var (name, values) in impersonation.Extra)
        {
            message.Headers.TryAddWithoutValidation($"Impersonate-Extra-{Uri.EscapeDataString(name)}", values);
        }
    }

    // A connection is its certificate's: another certificate takes other connections. The former ones are left alone: somebody may be about to send on one, and
    // they are closed when nobody needs them.
    private HttpMessageInvoker InvokerFor(X509Certificate2? certificate)
    {
        lock (_lock)
        {
            if (_current is not { } current || !ReferenceEquals(current.Certificate, certificate))
            {
                current = (new HttpMessageInvoker(_given ?? CreateHandler(certificate), disposeHandler: _given is null), certificate);
                _current = current;
            }

            return current.Invoker;
        }
    }

    private SocketsHttpHandler CreateHandler(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ActivityHeadersPropagator = null,
            ConnectTimeout = _options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,

            // A connection that the network forgot about must not look like one on which nothing happens.
            KeepAlivePingDelay = _options.MaxSilence * 2 / 3,
            KeepAlivePingTimeout = _options.MaxSilence / 3,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => _trust.Accept(certificate, chain, errors),
            },
        };
        if (_configuration.Cluster.ProxyUrl is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy) { Credentials = CredentialsOf(proxy) };
        }

        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return handler;
    }

    private static NetworkCredential? CredentialsOf(Uri proxy) =>
        proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password]
            ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(string.Concat(password)))
            : null;

    private async Task<KubernetesException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(answer, cancellationToken);
        var retryAfter = answer.Headers.RetryAfter?.Delta;
        try
        {
            if (JsonSerializer.Deserialize(body.Span, ModelJson.Default.Status) is { Reason: not null } status)
            {
                return new KubernetesException(status, answer.StatusCode, retryAfter);
            }
        }
        catch (JsonException)
        {
            // A proxy, or a path that the server does not know, answers in plain text.
        }

        var text = System.Text.Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 200)]).Trim();
        var said = new Status { Code = (int)answer.StatusCode, Message = $"the API server answered {(int)answer.StatusCode}: {text}" };
        return new KubernetesException(said, answer.StatusCode, retryAfter);
    }
}
