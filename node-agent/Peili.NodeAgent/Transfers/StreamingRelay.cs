using System.Buffers;
using System.Security.Cryptography;
using Peili.Containerd;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>Relays large blobs as they come, hashed on the way; the last bytes are withheld until the digest is right.</summary>
internal sealed partial class StreamingRelay(PeerServices peers, WrongContent wrong, TimeProvider time, ILogger<StreamingRelay> logger)
{
    /// <summary>Sends the content that <paramref name="body"/> begins, and <paramref name="continuation"/> goes on with. Owns <paramref name="body"/>.</summary>
    public async Task<TransferOutcome> SendAsync(MirrorRequest request, Digest digest, BodyStream body, IContinuation continuation, bool verify)
    {
        using var watch = new StallWatch(time);
        var total = body.Answer.TotalLength;
        var end = request.Range?.Of(total)?.End ?? total;
        using var source = new PeerBody(body, end, continuation, peers, watch);
        using var hash = verify ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        var scratch = ArrayPool<byte>.Shared.Rent(TransferLimits.WithheldTail);
        try
        {
            return await SendAsync(request, digest, source, hash, scratch.AsMemory(0, TransferLimits.WithheldTail), watch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private async Task<TransferOutcome> SendAsync(
        MirrorRequest request, Digest digest, PeerBody source, IncrementalHash? hash, Memory<byte> scratch, StallWatch watch)
    {
        // The first bytes are in hand before the headers go out: until then the answer can still be 404.
        var read = await source.ReadAsync(scratch[..(int)Math.Min(scratch.Length, source.End - source.Offset)], request.Http.RequestAborted);
        if (read == 0)
        {
            return TransferOutcome.NotFound;
        }

        RegistryResponses.Begin(request, digest, ContentTypes.Blob, source.TotalLength);
        using var transfer = peers.Statistics.Begin(request, digest);
        var sink = new ClientSink(request, watch);
        transfer.Total = read + source.End - source.Offset;
        transfer.Node = source.Peer;
        hash?.AppendData(scratch.Span[..read]);
        transfer.Add(read, source.Source);
        if (!await sink.SendAsync(scratch.Span[..read]))
        {
            return TransferOutcome.ClientGone;
        }

        var tail = scratch[..(hash is null ? 0 : (int)Math.Min(scratch.Length, source.End - source.Offset))];
        if (await CopyAsync(request, digest, source, hash, source.End - tail.Length, sink, transfer) is var outcome and not TransferOutcome.Complete)
        {
            return outcome;
        }

        return hash is null ? TransferOutcome.Complete : await SendTailAsync(request, digest, source, hash, tail, sink, transfer);
    }

    private async Task<TransferOutcome> CopyAsync(
        MirrorRequest request, Digest digest, PeerBody source, IncrementalHash? hash, long end, ClientSink sink, ActiveTransfer transfer)
    {
        while (source.Offset < end)
        {
            var memory = sink.Lease((int)Math.Min(TransferLimits.Block, end - source.Offset));
            var read = await source.ReadAsync(memory, request.Http.RequestAborted);
            if (read == 0)
            {
                return CloseShort(request, digest, source);
            }

            transfer.Node = source.Peer;
            hash?.AppendData(memory.Span[..read]);
            transfer.Add(read, source.Source);
            if (!await sink.SendLeasedAsync(read))
            {
                return TransferOutcome.ClientGone;
            }
        }

        return TransferOutcome.Complete;
    }

    private async Task<TransferOutcome> SendTailAsync(
        MirrorRequest request, Digest digest, PeerBody source, IncrementalHash hash, Memory<byte> tail, ClientSink sink, ActiveTransfer transfer)
    {
        if (!await source.FillAsync(tail, request.Http.RequestAborted))
        {
            return CloseShort(request, digest, source);
        }

        hash.AppendData(tail.Span);
        if (Digest.Of(hash.GetCurrentHash()) != digest)
        {
            wrong.Report(source, digest);
            await wrong.TakeBackAsync(digest);
            return TransferOutcome.WrongDigest;
        }

        transfer.Add(tail.Length, source.Source);
        return await sink.SendAsync(tail.Span) ? TransferOutcome.Complete : TransferOutcome.ClientGone;
    }

    private TransferOutcome CloseShort(MirrorRequest request, Digest digest, PeerBody source)
    {
        if (request.IsAbandoned)
        {
            return TransferOutcome.ClientGone;
        }

        peers.Statistics.Missed.Add(request.Content.At(digest), source.Offset, source.End == source.TotalLength ? null : source.End);
        LogClosedShort(digest, source.Offset, source.End);
        return TransferOutcome.ClosedShort;
    }

    [LoggerMessage(EventId = 410, Level = LogLevel.Warning, Message = "No peer can go on with {Digest} at byte {Offset} of {End}: closing short, containerd continues upstream")]
    private partial void LogClosedShort(Digest digest, long offset, long end);
}
