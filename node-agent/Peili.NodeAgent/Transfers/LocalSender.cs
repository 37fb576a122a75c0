using Peili.Containerd;
using Peili.NodeAgent.Registry;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Transfers;

/// <summary>Sends a blob of this node straight from the content store's file.</summary>
internal sealed partial class LocalSender(BlobSender sender, ILogger<LocalSender> logger)
{
    /// <summary>Answers <paramref name="request"/> with <paramref name="content"/>.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="content">The blob.</param>
    /// <param name="upload">The child's place, where it is one that would stream elsewhere too.</param>
    public Task<TransferOutcome> SendAsync(MirrorRequest request, LocalBlob content, Upload? upload = null) => sender.SendAsync(
        request, content.Digest, content.ContentType, content.File.Length, (buffer, offset) => ValueTask.FromResult(Read(content, buffer.Span, offset)), upload);

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
