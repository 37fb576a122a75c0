using System.Buffers;
using System.Security.Cryptography;
using Peili.Containerd;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>Relays small contents (manifests, configs): nothing is sent before the digest is right.</summary>
internal sealed partial class BufferedRelay(PeerServices peers, WrongContent wrong, TimeProvider time, ILogger<BufferedRelay> logger)
{
    /// <summary>
    /// Sends the content that <paramref name="body"/> begins, and <paramref name="continuation"/> goes on with. Owns <paramref name="body"/>. After <see cref="TransferOutcome.WrongDigest"/> others can be asked:
    /// nothing was sent.
    /// </summary>
    public async Task<TransferOutcome> SendAsync(MirrorRequest request, Digest digest, BodyStream body, IContinuation continuation)
    {
        if (body.Answer.TotalLength > TransferLimits.MaxBuffered)
        {
            LogTooLarge(digest, body.Answer.TotalLength, body.Answer.Peer);
            peers.Health.ReportWrongBlob(body.Answer.Peer, digest);
            body.Dispose();
            return TransferOutcome.WrongDigest;
        }

        var length = (int)body.Answer.TotalLength;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = buffer.AsMemory(0, length);
            using var watch = new StallWatch(time);
            using var source = new PeerBody(body, length, continuation, peers, watch);
            if (!await source.FillAsync(bytes, request.Http.RequestAborted))
            {
                return TransferOutcome.NotFound;
            }

            if (Digest.Of(SHA256.HashData(bytes.Span)) != digest)
            {
                wrong.Report(source, digest);
                return TransferOutcome.WrongDigest;
            }

            return await SendAsync(request, digest, bytes, source.Source, watch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<TransferOutcome> SendAsync(MirrorRequest request, Digest digest, ReadOnlyMemory<byte> bytes, TransferSource from, StallWatch watch)
    {
        if (ContentTypes.Of(request.Content.Path.Kind, bytes.Span) is not { } contentType)
        {
            return TransferOutcome.NotFound;
        }

        if (RegistryResponses.Begin(request, digest, contentType, bytes.Length) is not { } slice)
        {
            return TransferOutcome.Complete;
        }

        using var transfer = peers.Statistics.Begin(request, digest);
        transfer.Add((int)slice.Length, from);
        return await new ClientSink(request, watch).SendAsync(bytes.Span.Slice((int)slice.Offset, (int)slice.Length))
            ? TransferOutcome.Complete
            : TransferOutcome.ClientGone;
    }

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "Manifest {Digest} of {Length} bytes at {Peer} is larger than any registry allows (4 MiB)")]
    private partial void LogTooLarge(Digest digest, long length, Peer peer);
}
