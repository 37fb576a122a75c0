using System.Runtime.CompilerServices;
using Peili.Containerd;
using Peili.Containerd.Ingests;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Transfers;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>Sends a blob that this node's containerd is receiving, straight from the file that it grows in.</summary>
internal sealed partial class GrowingSender(BlobSender sender, ILogger<GrowingSender> logger)
{
    /// <summary>Answers <paramref name="request"/> with what is there and what comes. It ends short when no more does.</summary>
    public Task<TransferOutcome> SendAsync(MirrorRequest request, GrowingBlobReader reader, Upload upload) => sender.SendAsync(
        request, reader.Blob.Digest, ContentTypes.Blob, reader.Blob.Total, (buffer, offset) => ReadAsync(reader, buffer, offset, request.Http.RequestAborted), upload);

    /// <summary>Zero when no more is to be had.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
