using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Security;

namespace Peili.NodeAgent.Peers;

/// <summary>Requests to peers over HTTP/1.1. Failures are values here: an unreachable peer is everyday business.</summary>
internal sealed class PeerClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>A handshake costs milliseconds of processor on both sides; the listener of the other side waits longer still.</summary>
    private static readonly TimeSpan IdleConnectionTimeout = TimeSpan.FromSeconds(90);

    private static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");

    private readonly HttpMessageInvoker _http;
    private readonly string _scheme;

    /// <param name="tls">How peers prove themselves; null to talk in the clear.</param>
    public PeerClient(MutualTls? tls = null)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleConnectionTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 64 * 1024,
        };
        _scheme = tls is null ? "http" : "https";
        if (tls is not null)
        {
            handler.SslOptions = tls.ForClient();
        }

        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>Sends one request and returns once the headers are in. Bounded by <paramref name="cancellationToken"/> and the connect timeout.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="peer">Whom to ask.</param>
    /// <param name="content">For what.</param>
    /// <param name="range">Part of it; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="relay">What this node says of itself where a content that is still on its way will do; null where it will not.</param>
    public async ValueTask<PeerAnswer> SendAsync(
        HttpMethod method, Peer peer, ContentRequest content, ByteRange? range, CancellationToken cancellationToken, RelayQuestion? relay = null)
    {
        using var request = new HttpRequestMessage(method, UriOf(peer.Address, content.PathAndQuery)) { Version = HttpVersion.Version11 };
        if (range is { } bytes)
        {
            request.Headers.Range = bytes.First is null ? new RangeHeaderValue(null, bytes.Last) : new RangeHeaderValue(bytes.First, bytes.Last);
        }

        if (relay is { } question)
        {
            request.Headers.TryAddWithoutValidation(RelayQuestion.Header, question.ToString());
        }

        try
        {
            var response = await _http.SendAsync(request, cancellationToken);
            var answer = PeerAnswer.Read(peer, response, range);
            if (answer.Outcome != PeerOutcome.Found || (content.Digest ?? answer.Digest) is not null)
            {
                return answer;
            }

            answer.Dispose();
            return PeerAnswer.Of(peer, PeerOutcome.Failed, "its answer to a tag named no digest");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return PeerAnswer.Of(peer, PeerOutcome.Cancelled);
        }
        catch (OperationCanceledException)
        {
            return PeerAnswer.Of(peer, PeerOutcome.Failed, $"no connection within {ConnectTimeout.TotalMilliseconds:0} ms");
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            return PeerAnswer.Of(peer, PeerOutcome.Failed, exception.InnerException?.Message ?? exception.Message);
        }
    }

    /// <summary>Posts a body and reads the whole reply; null when there is none: refused, broken, or too long.</summary>
    /// <param name="to">The peer endpoint.</param>
    /// <param name="path">Of the method.</param>
    /// <param name="body">A protobuf message.</param>
    /// <param name="maxReply">In bytes.</param>
    /// <param name="cancellationToken">Bounds the call, together with the connect timeout.</param>
    public async Task<byte[]?> PostAsync(IPEndPoint to, string path, ReadOnlyMemory<byte> body, int maxReply, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, UriOf(to, path)) { Version = HttpVersion.Version11, Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Protobuf;
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentLength is not { } length || length > maxReply)
            {
                return null;
            }

            var reply = new byte[length];
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await stream.ReadExactlyAsync(reply, cancellationToken);
            return reply;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private Uri UriOf(IPEndPoint peer, string pathAndQuery) => new($"{_scheme}://{peer}{pathAndQuery}");
}
