using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Peili.Grpc;

/// <summary>
/// One call from request to status. It turns everything that can happen to it into a message, the end, an
/// <see cref="RpcException"/>, or the caller's own cancellation.
/// </summary>
internal sealed class GrpcCall : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly HttpRequestMessage _request;
    private readonly GrpcChannelOptions _channel;
    private readonly CancellationToken _callerToken;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ended;
    private readonly Task<HttpResponseMessage> _response;
    private readonly byte[] _header = new byte[MessageFrame.HeaderLength];

    public GrpcCall(
        HttpMessageInvoker invoker,
        HttpRequestMessage request,
        GrpcChannelOptions channel,
        CallOptions options,
        CancellationToken channelDisposed)
    {
        _invoker = invoker;
        _request = request;
        _channel = channel;
        _callerToken = options.CancellationToken;
        _deadline = options.Timeout switch
        {
            null => new CancellationTokenSource(),
            { Ticks: <= 0 } => Expired(),
            { } timeout => new CancellationTokenSource(timeout, channel.TimeProvider),
        };
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_callerToken, _deadline.Token, channelDisposed);
        _response = SendAsync();

        // Nobody need ask for the outcome of a call that was given up.
        _ = _response.ContinueWith(
            static failed => _ = failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>The response headers, found to begin a gRPC answer that is not yet known to have failed.</summary>
    public Task<HttpResponseMessage> ResponseAsync => _response;

    /// <summary>Reads the next message; (false, null) at an end with status OK.</summary>
    public async ValueTask<(bool Received, TResponse? Message)> ReadAsync<TResponse>(
        MessageParser<TResponse> parser,
        CancellationToken cancellationToken)
        where TResponse : IMessage<TResponse>
    {
        var response = await _response.WaitAsync(cancellationToken);
        if (StatusMapping.Read(response.Headers) is not null)
        {
            return (false, default);
        }

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, cancellationToken);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(reading.Token);
            var count = await body.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, reading.Token);
            if (count < _header.Length)
            {
                ResponseCheck.End(response, truncated: count > 0);
                return (false, default);
            }

            return (true, await ReadMessageAsync(response, body, parser, reading.Token));
        }
        catch (Exception error) when (error is not RpcException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Translate(error);
        }
    }

    public void Dispose()
    {
        // Whichever of the two the call has come to, the handler resets a stream that is not yet at its end.
        _ended.Cancel();
        _ = _response.ContinueWith(
            static answered => answered.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _request.Dispose();
        _ended.Dispose();
        _deadline.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync()
    {
        try
        {
            _ended.Token.ThrowIfCancellationRequested();
            var response = await _invoker.SendAsync(_request, _ended.Token);
            ResponseCheck.Start(response);
            return response;
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error);
        }
    }

    private async ValueTask<TResponse> ReadMessageAsync<TResponse>(
        HttpResponseMessage response,
        Stream body,
        MessageParser<TResponse> parser,
        CancellationToken cancellation)
        where TResponse : IMessage<TResponse>
    {
        if (_header[0] != 0)
        {
            throw ResponseCheck.Fail(StatusCode.Internal, "The message is compressed, which was not offered.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(1));
        if (length > (uint)_channel.MaxReceiveMessageSize)
        {
            throw ResponseCheck.Fail(StatusCode.ResourceExhausted, $"The message of {length} bytes is over the limit of {_channel.MaxReceiveMessageSize}.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var message = buffer.AsMemory(0, (int)length);
            if (await body.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellation) < message.Length)
            {
                ResponseCheck.End(response, truncated: true);
            }

            return parser.ParseFrom(message.Span);
        }
        catch (InvalidProtocolBufferException invalid)
        {
            throw ResponseCheck.Fail(StatusCode.Internal, $"The message cannot be read: {invalid.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Exception Translate(Exception error)
    {
        if (_callerToken.IsCancellationRequested)
        {
            return new OperationCanceledException("The call was cancelled.", error, _callerToken);
        }

        if (_deadline.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.DeadlineExceeded, "The call's time is over."), null, error);
        }

        var status = _ended.IsCancellationRequested
            ? new Status(StatusCode.Cancelled, "The call or its channel was disposed.")
            : StatusMapping.FromTransport(error);
        return new RpcException(status, null, error);
    }

    private static CancellationTokenSource Expired()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }
}
