using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Peili.AgentApi.Security;

namespace Peili.AgentApi;

/// <summary>Calls agents as the operator, over mutual TLS 1.3. Safe for use by many threads.</summary>
public sealed class AgentClient : IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(3);
    private static readonly MediaTypeHeaderValue s_protobuf = new(AgentMethods.ContentType);

    private readonly Func<PeerCredentials> _credentials;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly Lock _lock = new();
    private (PeerCredentials Credentials, HttpMessageInvoker Http)? _current;

    /// <summary>Makes a client. Nothing is connected yet.</summary>
    /// <param name="credentials">Asked at every call, so that new certificates count at once.</param>
    /// <param name="time">The clock of bounds and of certificates.</param>
    /// <param name="timeout">Of a whole call.</param>
    public AgentClient(Func<PeerCredentials> credentials, TimeProvider time, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(time);
        (_credentials, _time, _timeout) = (credentials, time, timeout);
    }

    /// <summary>What the agent says of itself and of its node.</summary>
    /// <exception cref="AgentUnreachableException">It does not answer, or not with that.</exception>
    public Task<StatusReply> StatusAsync(IPEndPoint agent, CancellationToken cancellationToken) =>
        CallAsync(agent, AgentMethods.Status, new StatusRequest(), StatusReply.Parser, cancellationToken);

    /// <summary>The members that the agent knows.</summary>
    /// <param name="agent">Its peer endpoint.</param>
    /// <param name="known">The hash of the last reply, 0 for none: the members are left out where it is still the same.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentUnreachableException">It does not answer, or not with that.</exception>
    public Task<MembersReply> MembersAsync(IPEndPoint agent, ulong known, CancellationToken cancellationToken) =>
        CallAsync(agent, AgentMethods.Members, new MembersRequest { Known = known }, MembersReply.Parser, cancellationToken);

    /// <summary>Tells the agent its node's zone.</summary>
    /// <exception cref="AgentUnreachableException">It does not answer, or not with that.</exception>
    public Task SetNodeAsync(IPEndPoint agent, string zone, CancellationToken cancellationToken) =>
        CallAsync(agent, AgentMethods.SetNode, new SetNodeRequest { Zone = zone }, SetNodeReply.Parser, cancellationToken);

    /// <summary>Has the agent write containerd's hosts, and keep them.</summary>
    /// <exception cref="AgentUnreachableException">It does not answer, or not with that.</exception>
    public Task AcquireAsync(IPEndPoint agent, CancellationToken cancellationToken) =>
        CallAsync(agent, AgentMethods.Acquire, new AcquireRequest(), AcquireReply.Parser, cancellationToken);

    /// <summary>Has the agent put containerd's hosts back, and leave them alone until <see cref="AcquireAsync"/>.</summary>
    /// <returns>Files that could not be put back, each with the reason.</returns>
    /// <exception cref="AgentUnreachableException">It does not answer, or not with that.</exception>
    public async Task<IReadOnlyList<string>> ReleaseAsync(IPEndPoint agent, CancellationToken cancellationToken) =>
        (await CallAsync(agent, AgentMethods.Release, new ReleaseRequest(), ReleaseReply.Parser, cancellationToken)).Left;

    /// <inheritdoc/>
    public void Dispose() => _current?.Http.Dispose();

    // What runs on the former connections runs to its end, and they are closed when nobody needs them.
    private HttpMessageInvoker Http()
    {
        var credentials = _credentials();
        lock (_lock)
        {
            if (_current is not { } current || current.Credentials != credentials)
            {
                _current = current = (credentials, new HttpMessageInvoker(HandlerOf(credentials)));
            }

            return current.Http;
        }
    }

    private SocketsHttpHandler HandlerOf(PeerCredentials credentials) => new()
    {
        ConnectTimeout = s_connectTimeout,
        MaxConnectionsPerServer = 2,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,

            // Made once: a callback that returns the certificate has its chain built for each connection.
            ClientCertificateContext = credentials.Context,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => credentials.Refuse(certificate, chain, _time.GetUtcNow()) is null,
        },
    };

    private async Task<T> CallAsync<T>(IPEndPoint agent, string method, IMessage request, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri($"https://{agent}{method}")) { Content = new ByteArrayContent(request.ToByteArray()) };
        post.Content.Headers.ContentType = s_protobuf;

        // Thousands of agents are asked now and then: connections that wait for that cost more than handshakes do.
        post.Headers.ConnectionClose = true;
        try
        {
            using var answer = await Http().SendAsync(post, either.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new AgentUnreachableException($"{agent} answers {method} with {(int)answer.StatusCode}");
            }

            return parser.ParseFrom(await ReadAsync(answer, $"{agent}{method}", either.Token));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentUnreachableException($"{agent} does not answer within {(limit.IsCancellationRequested ? _timeout : s_connectTimeout).TotalSeconds:0.#} s", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException or InvalidProtocolBufferException)
        {
            throw new AgentUnreachableException($"{agent} does not answer: {(exception.InnerException ?? exception).Message}", exception);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentLength is not (>= 0 and <= AgentMethods.MaxReply and var length))
        {
            throw new AgentUnreachableException($"{what}: the answer's length is not told, or over {AgentMethods.MaxReply} bytes");
        }

        var body = new byte[length];
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await stream.ReadExactlyAsync(body, cancellationToken);
        return body;
    }
}
