using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>Answers a request of this node's containerd with a peer's bytes: finds a holder, opens the content there, and has it sent on.</summary>
internal sealed class PeerRelay(PeerServices peers, BufferedRelay buffered, StreamingRelay streaming)
{
    /// <summary>Finds a holder and sends what it has. When the result is <see cref="TransferOutcome.NotFound"/> nothing was written yet.</summary>
    public async Task<TransferOutcome> SendAsync(MirrorRequest request)
    {
        // Only of a content fetched from its first byte on can the digest be checked. So what is asked for whole is answered whole, with 200,
        // also when it was asked for as a range; and manifests, which are small, are fetched whole whatever is asked.
        if (request.Range is { IsWhole: true })
        {
            request = request with { Range = null };
        }

        var fetched = request.IsHead || request.Content.Path.Kind == ContentKind.Manifest ? null : request.Range;
        var holders = await peers.LocateAsync(request.Content, request.Http.RequestAborted);
        if (holders.Count == 0)
        {
            return TransferOutcome.NotFound;
        }

        var opening = await peers.Opener.OpenAsync(request.Method, request.Content, fetched, holders, request.Http.RequestAborted);
        if (opening.UnsatisfiableLength is { } length)
        {
            RegistryResponses.RefuseRange(request.Response, length);
            return TransferOutcome.Complete;
        }

        if (opening.Body is not { } body)
        {
            return TransferOutcome.NotFound;
        }

        var digest = request.Content.Digest ?? body.Answer.Digest!.Value;
        return await SendAsync(request, body, new HolderContinuation(request.Content.At(digest), peers), whole: fetched is null);
    }

    /// <summary>Sends what <paramref name="body"/> begins, and <paramref name="continuation"/> goes on with.</summary>
    public async Task<TransferOutcome> SendAsync(MirrorRequest request, BodyStream body, IContinuation continuation, bool whole)
    {
        var answer = body.Answer;
        var digest = request.Content.Digest ?? answer.Digest!.Value;
        if (request.IsHead)
        {
            RegistryResponses.Begin(request, digest, answer.ContentType, answer.TotalLength);
            body.Dispose();
            return TransferOutcome.Complete;
        }

        if (request.Content.Path.Kind == ContentKind.Manifest || (whole && answer.TotalLength <= TransferLimits.MaxBuffered && answer.Path.Count == 0))
        {
            var outcome = await buffered.SendAsync(request, digest, body, continuation);

            // This ends, for who sent wrong bytes is not among the holders any more.
            return outcome == TransferOutcome.WrongDigest ? await SendAsync(request with { Content = request.Content.At(digest) }) : outcome;
        }

        return await streaming.SendAsync(request, digest, body, continuation, verify: whole);
    }
}
