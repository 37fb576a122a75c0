using System.Runtime.CompilerServices;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>A content's bytes from peers, in order: when one peer fails in the middle, another goes on at the same byte.</summary>
/// <param name="request">What is fetched, by digest.</param>
/// <param name="first">The opened body it begins with.</param>
/// <param name="end">Offset after the last byte wanted.</param>
/// <param name="services">Whom to turn to when it fails.</param>
/// <param name="watch">Bounds every read.</param>
internal sealed class PeerBody(ContentRequest request, BodyStream first, long end, PeerServices services, StallWatch watch) : IDisposable
{
    /// <summary>Replacements in a row that gave no byte, after which there is no point in trying others.</summary>
    private const int MaxFruitlessReplacements = 3;

    private readonly HashSet<Peer> _contributors = [];
    private BodyStream? _body = first;

    /// <summary>Offset in the content of the next byte.</summary>
    public long Offset { get; private set; } = first.Answer.Offset;

    public long End => end;

    /// <summary>Length of the whole content.</summary>
    public long TotalLength { get; } = first.Answer.TotalLength;

    /// <summary>Who sent the bytes so far.</summary>
    public IReadOnlyCollection<Peer> Contributors => _contributors;

    /// <summary>Reads up to <paramref name="buffer"/>'s length. Zero when nobody can go on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var attempt = 0; _body is { } body; attempt++)
        {
            var read = await body.ReadAsync(buffer, watch);
            if (read > 0)
            {
                _contributors.Add(body.Answer.Peer);
                Offset += read;
                return read;
            }

            services.Health.ReportFailure(body.Answer.Peer, body.Failure ?? "the connection ended early");
            await ReplaceAsync(attempt, cancellationToken);
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

    private async ValueTask ReplaceAsync(int attempt, CancellationToken cancellationToken)
    {
        _body!.Dispose();
        _body = null;
        if (attempt >= MaxFruitlessReplacements || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var holders = await services.LocateAsync(request, cancellationToken);
        var opening = await services.Opener.OpenAsync(HttpMethod.Get, request, new ByteRange(Offset, end - 1), holders, cancellationToken);
        if (opening.Body is { } body && body.Answer.TotalLength == TotalLength)
        {
            _body = body;
            services.Statistics.CountResumption();
        }
        else
        {
            opening.Body?.Dispose();
        }
    }
}
