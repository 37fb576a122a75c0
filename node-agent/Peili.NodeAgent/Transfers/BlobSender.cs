using Peili.Containerd;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Registry;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Transfers;

/// <summary>Sends a blob from a file of this node into the client's buffers, whether the file is complete or still grows.</summary>
internal sealed class BlobSender(TransferStatistics statistics, UploadRate rate, TimeProvider time)
{
    /// <summary>Answers <paramref name="request"/>; the connection closes short when there is no more to read.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="read">Reads into a buffer from an offset on; zero when no more is to be had.</param>
    /// <param name="upload">The child's place, where it is one that would stream elsewhere too.</param>
    public async Task<TransferOutcome> SendAsync(
        MirrorRequest request, Digest digest, string contentType, long length, Func<Memory<byte>, long, ValueTask<int>> read, Upload? upload)
    {
        if (RegistryResponses.Begin(request, digest, contentType, length) is not { } slice)
        {
            return TransferOutcome.Complete;
        }

        using var transfer = statistics.Begin(request, digest);
        using var watch = new StallWatch(time);
        var sink = new ClientSink(request, watch);
        transfer.Total = slice.Length;
        transfer.Node = request.Listener == Listener.Peer ? upload?.Child ?? request.Http.Connection.RemoteIpAddress?.ToString() : null;
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var memory = sink.Lease((int)Math.Min(TransferLimits.Block, slice.End - offset));
            var count = await read(memory, offset);
            offset += count;
            transfer.Add(count, TransferSource.Local);
            if (request.Listener == Listener.Peer)
            {
                await rate.WaitAsync(count, request.Http.RequestAborted);
            }

            if (count == 0)
            {
                return request.IsAbandoned ? TransferOutcome.ClientGone : TransferOutcome.ClosedShort;
            }

            if (!await sink.SendLeasedAsync(count))
            {
                return TransferOutcome.ClientGone;
            }

            upload?.Sent = offset;
        }

        return TransferOutcome.Complete;
    }
}
