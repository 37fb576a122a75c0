using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>The client's end of a transfer: Kestrel's own buffers are filled in place, and a client that stops reading is noticed.</summary>
internal sealed class ClientSink(MirrorRequest request, StallWatch watch)
{
    private readonly PipeWriter _writer = request.Response.BodyWriter;

    /// <summary>Memory to put the next bytes in, exactly <paramref name="length"/> long.</summary>
    public Memory<byte> Lease(int length) => _writer.GetMemory(length)[..length];

    /// <summary>Sends the first <paramref name="length"/> bytes of the last lease. False when the client is gone.</summary>
    public ValueTask<bool> SendLeasedAsync(int length)
    {
        _writer.Advance(length);
        return FlushAsync();
    }

    /// <summary>Sends bytes from elsewhere. False when the client is gone.</summary>
    public ValueTask<bool> SendAsync(ReadOnlySpan<byte> bytes)
    {
        _writer.Write(bytes);
        return FlushAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FlushAsync()
    {
        try
        {
            await _writer.FlushAsync(watch.Begin(TransferLimits.ClientStall));
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            watch.End();
        }

        return !request.IsAbandoned;
    }
}
