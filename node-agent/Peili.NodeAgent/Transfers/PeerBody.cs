using System.Runtime.CompilerServices;
using Peili.NodeAgent.Peers;

namespace Peili.NodeAgent.Transfers;

/// <summary>A content's bytes from peers, in order: when one peer fails in the middle, another goes on at the same byte.</summary>
/// <param name="first">The opened body it begins with.</param>
/// <param name="end">Offset after the last byte wanted.</param>
/// <param name="continuation">Who goes on when it fails.</param>
/// <param name="peers">Told of every change, and asked whether a silent peer is there.</param>
/// <param name="watch">Bounds every read.</param>
internal sealed class PeerBody(BodyStream first, long end, IContinuation continuation, PeerServices peers, StallWatch watch) : IDisposable
{
    private readonly HashSet<Peer> _contributors = [];
    private BodyStream? _body = first;

    /// <summary>Offset in the content of the next byte.</summary>
    public long Offset { get; private set; } = first.Answer.Offset;

    public long End => end;

    /// <summary>Length of the whole content.</summary>
    public long TotalLength { get; } = first.Answer.TotalLength;

    /// <summary>Where the last bytes came from.</summary>
    public TransferSource Source { get; private set; } = SourceOf(first);

    /// <summary>Who sent the bytes so far.</summary>
    public IReadOnlyCollection<Peer> Contributors => _contributors;

    /// <summary>The name of who sent the last bytes.</summary>
    public string? Peer { get; private set; }

    /// <summary>Reads up to <paramref name="buffer"/>'s length. Zero when nobody can go on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_body is { } body)
        {
            var read = await body.ReadAsync(buffer, watch, peers.Locator);
            if (read > 0)
            {
                _contributors.Add(body.Answer.Peer);
                Source = SourceOf(body);
                Offset += read;
                Peer = body.Answer.Peer.Name;
                if (Offset < end && !await continuation.ProgressAsync(Offset, cancellationToken))
                {
                    body.Dispose();
                    _body = null;
                }

                return read;
            }

            await ReplaceAsync(body, cancellationToken);
        }

        return 0;
    }

    /// <summary>Reads until <paramref name="buffer"/> is full. False when nobody can go on.</summary>
    public async ValueTask<bool> FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            var read = await ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
        }

        return true;
    }

    public void Dispose() => _body?.Dispose();

    private static TransferSource SourceOf(BodyStream body) => body.Answer.Path.Count > 0 ? TransferSource.Relay : TransferSource.Peer;

    private async ValueTask ReplaceAsync(BodyStream ended, CancellationToken cancellationToken)
    {
        ended.Dispose();
        _body = null;
        var body = await continuation.GoOnAsync(ended, Offset, end, cancellationToken);
        if (body is null || body.Answer.TotalLength != TotalLength)
        {
            body?.Dispose();
            return;
        }

        _body = body;
        peers.Statistics.CountResumption();
    }
}
