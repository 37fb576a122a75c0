using System.Net;
using Peili.Containerd;
using Peili.Containerd.Ingests;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Transfers;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>Answers agents that would stream a blob from here, whether it is complete or still on its way.</summary>
internal sealed class RelayServer(
    AgentOptions options, GrowingBlobs blobs, Leases leases, LocalContent local, LocalSender sender, GrowingSender growing, RegistryPolicy policy, Admission admission, TimeProvider time)
{
    /// <summary>Answers one.</summary>
    public async Task<Answer> AnswerAsync(MirrorRequest request, Digest digest, RelayQuestion question)
    {
        if (await AnswerCompleteAsync(request, digest, question) is { } complete)
        {
            return complete;
        }

        if (blobs.Find(digest) is not { } blob || policy.Check(request.Content, digest, []) is not null)
        {
            return Answer.Missing(request.Content.Path, "this node neither holds nor fetches it");
        }

        var offset = request.Range?.First ?? 0;
        var lease = leases.Find(digest);
        if (question.Child == options.NodeName || !IsAhead(blob, lease, question, offset))
        {
            return Refuse(request, []);
        }

        var answer = admission.TryAdmit(question.Child, AnnouncedKeys.Of(digest), offset, () => blob.Length, lease?.Path ?? []);
        if (answer.Upload is not { } upload)
        {
            return Refuse(request, answer.Instead);
        }

        using (upload)
        {
            return await SendAsync(request, question, blob, upload, offset);
        }
    }

    private async Task<Answer?> AnswerCompleteAsync(MirrorRequest request, Digest digest, RelayQuestion question)
    {
        using var found = await local.OpenAsync(request.Content, request.Http.RequestAborted);
        if (found is null)
        {
            return null;
        }

        var length = found.File.Length;
        var answer = admission.TryAdmit(question.Child, AnnouncedKeys.Of(digest), request.Range?.First ?? 0, () => length, []);
        if (answer.Upload is not { } upload)
        {
            return Refuse(request, answer.Instead);
        }

        using (upload)
        {
            return Answer.Of(await sender.SendAsync(request, found, upload));
        }
    }

    private async Task<Answer> SendAsync(MirrorRequest request, RelayQuestion question, GrowingBlob blob, Upload upload, long offset)
    {
        // The first byte is in hand before the headers go out: until then the child can be told to look elsewhere.
        var hasByte = await HasByteAsync(blob, offset, question.Wait, request.Http.RequestAborted);
        IReadOnlyList<string> path = leases.Find(blob.Digest)?.Path ?? [];
        using var reader = hasByte && !path.Contains(question.Child) ? blob.TryOpenReader() : null;
        if (reader is null)
        {
            return Refuse(request, []);
        }

        RelayHeaders.WriteNames(request.Response, RelayHeaders.Path, [.. path, options.NodeName]);
        return Answer.Of(await growing.SendAsync(request, reader, upload));
    }

    private async ValueTask<bool> HasByteAsync(GrowingBlob blob, long offset, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (blob.Length > offset)
        {
            return true;
        }

        using var bound = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            return await blob.WaitPastAsync(offset, either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Before there is a byte, who asked first is ahead; later, who has more; and an origin that gets more by itself.</summary>
    private static bool IsAhead(GrowingBlob blob, Lease? lease, RelayQuestion question, long offset) =>
        blob.Length > offset
        || (blob.Length == offset && lease is { IsOrigin: true })
        || (blob.Length == 0 && offset == 0 && lease is { Ordinal: > 0 } && lease.Ordinal < question.Ordinal);

    private static Answer Refuse(MirrorRequest request, IReadOnlyList<string> instead)
    {
        request.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
        request.Response.ContentLength = 0;
        RelayHeaders.WriteNames(request.Response, RelayHeaders.Instead, instead);
        return new Answer(RequestOutcome.Redirected);
    }
}
