using Peili.Containerd;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Peers;

/// <summary>A peer's answer to a pull request; owns the open body.</summary>
internal sealed class PeerAnswer : IDisposable
{
    private HttpResponseMessage? _response;

    private PeerAnswer(Peer peer, PeerOutcome outcome, string? reason)
    {
        Peer = peer;
        Outcome = outcome;
        Reason = reason;
    }

    public Peer Peer { get; }

    public PeerOutcome Outcome { get; }

    /// <summary>Why it failed, for the log.</summary>
    public string? Reason { get; }

    /// <summary>Length of the whole content in bytes, whatever part of it was asked for.</summary>
    public long TotalLength { get; private init; }

    /// <summary>Offset of the body's first byte in the content.</summary>
    public long Offset { get; private init; }

    public string ContentType { get; private init; } = "application/octet-stream";

    /// <summary>What the peer says the content's digest is.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>The nodes that the bytes come through, from their origin down to the peer; none when the peer holds the whole content.</summary>
    public IReadOnlyList<string> Path { get; private init; } = [];

    /// <summary>Nodes that a peer names which has enough to do.</summary>
    public IReadOnlyList<string> Instead { get; private init; } = [];

    public static PeerAnswer Of(Peer peer, PeerOutcome outcome, string? reason = null) => new(peer, outcome, reason);

    /// <summary>Reads status and headers. Takes the response over, and disposes it unless the outcome is <see cref="PeerOutcome.Found"/>.</summary>
    /// <param name="peer">Who answered.</param>
    /// <param name="response">Its answer, the body unread.</param>
    /// <param name="range">What was asked for; null for everything.</param>
    public static PeerAnswer Read(Peer peer, HttpResponseMessage response, ByteRange? range)
    {
        var answer = (int)response.StatusCode switch
        {
            200 when (range ?? new ByteRange(0, null)).First == 0 && response.Content.Headers.ContentLength is { } length => Found(peer, response, length, 0),
            206 when response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from, Length: { } total }
                && range?.Of(total)?.Offset == from => Found(peer, response, total, from),
            404 => Of(peer, PeerOutcome.Absent),
            503 when response.Headers.Contains(RelayHeaders.Instead) =>
                new PeerAnswer(peer, PeerOutcome.Refused, null) { Instead = RelayHeaders.ReadNames(response, RelayHeaders.Instead) },
            416 when range is not null => new PeerAnswer(peer, PeerOutcome.RangeNotSatisfiable, null) { TotalLength = response.Content.Headers.ContentRange?.Length ?? 0 },
            var status => Of(peer, PeerOutcome.Failed, $"unexpected answer, HTTP status {status}"),
        };
        if (answer.Outcome != PeerOutcome.Found)
        {
            response.Dispose();
        }

        return answer;
    }

    /// <summary>The body, read once.</summary>
    public ValueTask<Stream> OpenBodyAsync(CancellationToken cancellationToken) =>
        _response is { } response ? new(response.Content.ReadAsStreamAsync(cancellationToken)) : throw new InvalidOperationException("This answer has no body.");

    public void Dispose()
    {
        _response?.Dispose();
        _response = null;
    }

    private static PeerAnswer Found(Peer peer, HttpResponseMessage response, long totalLength, long offset) =>
        new(peer, PeerOutcome.Found, null)
        {
            _response = response,
            TotalLength = totalLength,
            Offset = offset,
            Path = RelayHeaders.ReadNames(response, RelayHeaders.Path),
            ContentType = response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream",
            Digest = response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Containerd.Digest.TryParse(values.First(), out var digest)
                ? digest
                : null,
        };
}
