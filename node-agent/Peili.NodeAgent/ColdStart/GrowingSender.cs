using Peili.Containerd;
using Peili.Containerd.Ingests;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Transfers;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>Sends a blob that this node's containerd is receiving, straight from the file that it grows in.</summary>
internal sealed partial class GrowingSender(TransferStatistics statistics, UploadRate rate, TimeProvider time, ILogger<GrowingSender> logger)
{
    /// <summary>Answers <paramref name="request"/> with what is there and what comes. It ends short when no more does.</summary>
    public async Task SendAsync(MirrorRequest request, GrowingBlobReader reader, Upload upload)
    {
        if (RegistryResponses.Begin(request, reader.Blob.Digest, ContentTypes.Blob, reader.Blob.Total) is not { } slice)
        {
            return;
        }

        using var transfer = statistics.Begin(request.Listener, reader.Blob.Digest);
        using var watch = new StallWatch(time);
        var sink = new ClientSink(request, watch);
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var memory = sink.Lease((int)Math.Min(TransferLimits.Block, slice.End - offset));
            var read = await ReadAsync(reader, memory, offset, request.Http.RequestAborted);
            offset += read;
            transfer.AddLocal(read);
            await rate.WaitAsync(read, request.Http.RequestAborted);
            if (read == 0 || !await sink.SendLeasedAsync(read))
            {
                return;
            }

            upload.Sent = offset;
        }
    }

    /// <summary>Zero when no more is to be had.</summary>
    private async ValueTask<int> ReadAsync(GrowingBlobReader reader, Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(buffer, offset, cancellationToken);
        }
        catch (IOException exception)
        {
            LogUnreadable(reader.Blob.Digest, offset, exception.Message);
            return 0;
        }
    }

    [LoggerMessage(EventId = 432, Level = LogLevel.Error, Message = "Cannot read the ingest of {Digest} at byte {Offset}: {Reason}. Check this node's disk")]
    private partial void LogUnreadable(Digest digest, long offset, string reason);
}
