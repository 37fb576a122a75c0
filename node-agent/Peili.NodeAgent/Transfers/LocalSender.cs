using Peili.Containerd;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Registry;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Transfers;

/// <summary>Sends a blob of this node straight from the content store's file.</summary>
internal sealed partial class LocalSender(TransferStatistics statistics, UploadRate rate, TimeProvider time, ILogger<LocalSender> logger)
{
    /// <summary>Answers <paramref name="request"/> with <paramref name="content"/>.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="content">The blob.</param>
    /// <param name="upload">The child's place, where it is one that would stream elsewhere too.</param>
    public async Task SendAsync(MirrorRequest request, LocalBlob content, Upload? upload = null)
    {
        if (RegistryResponses.Begin(request, content.Digest, content.ContentType, content.File.Length) is { } slice)
        {
            using var transfer = statistics.Begin(request.Listener, content.Digest);
            await CopyAsync(request, content, slice, transfer, upload);
        }
    }

    private async Task CopyAsync(MirrorRequest request, LocalBlob content, ContentSlice slice, ActiveTransfer transfer, Upload? upload)
    {
        using var watch = new StallWatch(time);
        var sink = new ClientSink(request, watch);
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var memory = sink.Lease((int)Math.Min(TransferLimits.Block, slice.End - offset));
            var read = Read(content, memory.Span, offset);
            offset += read;
            transfer.AddLocal(read);
            if (request.Listener == Listener.Peer)
            {
                await rate.WaitAsync(read, request.Http.RequestAborted);
            }

            if (read == 0 || !await sink.SendLeasedAsync(read))
            {
                return;
            }

            upload?.Sent = offset;
        }
    }

    /// <summary>Zero when the disk fails or the file is shorter than it was: the connection then closes short.</summary>
    private int Read(LocalBlob content, Span<byte> buffer, long offset)
    {
        try
        {
            return RandomAccess.Read(content.File.Handle, buffer, offset);
        }
        catch (IOException exception)
        {
            LogUnreadable(content.Digest, offset, exception.Message);
            return 0;
        }
    }

    [LoggerMessage(EventId = 400, Level = LogLevel.Error, Message = "Cannot read {Digest} at byte {Offset}: {Reason}. Check this node's disk")]
    private partial void LogUnreadable(Digest digest, long offset, string reason);
}
