using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>Goes on with another of those that hold the whole content.</summary>
/// <param name="request">What is fetched, by digest.</param>
/// <param name="peers">Whom to turn to.</param>
internal sealed class HolderContinuation(ContentRequest request, PeerServices peers) : IContinuation
{
    /// <summary>Replacements in a row that gave no byte, after which there is no point in trying others.</summary>
    private const int MaxFruitlessReplacements = 3;

    private long _lastOffset = -1;
    private int _fruitless;

    public async ValueTask<BodyStream?> GoOnAsync(BodyStream ended, long offset, long end, CancellationToken cancellationToken)
    {
        peers.Health.ReportFailure(ended.Answer.Peer, ended.Failure ?? "the connection ended early");
        _fruitless = offset == _lastOffset ? _fruitless + 1 : 0;
        _lastOffset = offset;
        if (_fruitless >= MaxFruitlessReplacements || cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        var holders = await peers.LocateAsync(request, cancellationToken);
        return (await peers.Opener.OpenAsync(HttpMethod.Get, request, new ByteRange(offset, end - 1), holders, cancellationToken)).Body;
    }

    public ValueTask<bool> ProgressAsync(long offset, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
