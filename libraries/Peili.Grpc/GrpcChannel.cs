using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf;

namespace Peili.Grpc;

/// <summary>
/// Calls to one server over HTTP/2 without TLS, by TCP or a unix socket. It stands in for Grpc.Net.Client's channel of the same name:
/// unary and server-streaming calls, no compression, no retries. Safe for use by many threads; calls share one connection, which is
/// made by the first call that needs it.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly GrpcChannelOptions _options;
    private readonly Uri _baseAddress;
    private readonly CancellationTokenSource _disposed = new();

    private GrpcChannel(ChannelAddress address, GrpcChannelOptions options)
    {
        _options = options;
        _baseAddress = address.BaseAddress;
        _invoker = new HttpMessageInvoker(CreateHandler(address.Socket, options));
    }

    /// <summary>Makes a channel. Nothing is connected yet.</summary>
    /// <param name="address"><c>unix:///run/x.sock</c> or <c>http://host:port</c>.</param>
    /// <param name="options">Limits and times; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address has neither form; the message names it.</exception>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions? options = null) =>
        new(ChannelAddress.Parse(address), options ?? new GrpcChannelOptions());

    /// <summary>Sends one message and waits for the one that answers it.</summary>
    /// <exception cref="RpcException">The call ended with another status than OK.</exception>
    /// <exception cref="OperationCanceledException">The caller's token fired.</exception>
    public async Task<TResponse> UnaryCallAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        TRequest request,
        CallOptions options = default)
        where TRequest : IMessage
        where TResponse : IMessage<TResponse>
    {
        using var call = StartCall(method, request, options);
        var (received, response) = await call.ReadAsync(method.ResponseParser, CancellationToken.None);
        if (!received)
        {
            throw ResponseCheck.Fail(StatusCode.Internal, "The call ended with OK and no message.");
        }

        var (another, _) = await call.ReadAsync(method.ResponseParser, CancellationToken.None);
        return another ? throw ResponseCheck.Fail(StatusCode.Internal, "A second message answered a unary call.") : response!;
    }

    /// <summary>
    /// Sends one message, to be answered by a stream of them. Returns at once; what goes wrong is thrown by the returned call's methods.
    /// </summary>
    public AsyncServerStreamingCall<TResponse> ServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        TRequest request,
        CallOptions options = default)
        where TRequest : IMessage
        where TResponse : IMessage<TResponse> =>
        new(StartCall(method, request, options), method.ResponseParser);

    /// <summary>Closes the connection; open calls end with <see cref="StatusCode.Cancelled"/>.</summary>
    public void Dispose()
    {
        _disposed.Cancel();
        _invoker.Dispose();
        _disposed.Dispose();
    }

    private GrpcCall StartCall<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : IMessage
        where TResponse : IMessage<TResponse>
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_baseAddress, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = MessageFrame.ToContent(request),
        };
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        message.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity");
        if (options.Timeout is { } timeout)
        {
            message.Headers.TryAddWithoutValidation("grpc-timeout", TimeoutHeader.Format(timeout));
        }

        MetadataHeaders.Write(options.Headers, message.Headers);
        return new GrpcCall(_invoker, message, _options, options, _disposed.Token);
    }

    private static SocketsHttpHandler CreateHandler(UnixDomainSocketEndPoint? socket, GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            MaxResponseHeadersLength = options.MaxResponseHeadersKilobytes,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (socket is not null)
        {
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(socket, cancellation);
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(UnixDomainSocketEndPoint endPoint, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
