using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Peili.Grpc;

/// <summary>A call that is answered by a stream of messages. Dispose ends it, at the server too.</summary>
/// <typeparam name="TResponse">One message of the stream.</typeparam>
public sealed class AsyncServerStreamingCall<TResponse> : IDisposable
    where TResponse : IMessage<TResponse>
{
    private readonly GrpcCall _call;
    private readonly MessageParser<TResponse> _parser;

    internal AsyncServerStreamingCall(GrpcCall call, MessageParser<TResponse> parser)
    {
        _call = call;
        _parser = parser;
    }

    /// <summary>
    /// The server's metadata, once its headers are here. When that is, is the server's choice: many (grpc-go unless told otherwise) send
    /// them with the first message only. Throws as <see cref="ReadAllAsync"/> does.
    /// </summary>
    public Task<Metadata> ResponseHeadersAsync => ReadHeadersAsync();

    /// <summary>Every message in order, until the server ends the stream with OK. To be read once.</summary>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="RpcException">The stream ended, or broke, with another status.</exception>
    /// <exception cref="OperationCanceledException">This token or that of the call's options fired.</exception>
    public async IAsyncEnumerable<TResponse> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _call.ReadAsync(_parser, cancellationToken) is (true, { } message))
        {
            yield return message;
        }
    }

    /// <summary>Ends the call if it has not ended.</summary>
    public void Dispose() => _call.Dispose();

    private async Task<Metadata> ReadHeadersAsync()
    {
        var response = await _call.ResponseAsync;
        return MetadataHeaders.Read(response.Headers);
    }
}
