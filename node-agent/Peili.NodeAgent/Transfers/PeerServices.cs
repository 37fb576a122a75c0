using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>What fetching from peers needs.</summary>
internal sealed record PeerServices(IPeerLocator Locator, PeerOpener Opener, PeerHealth Health, TransferStatistics Statistics)
{
    /// <summary>Finds holders, best first, less those that sent wrong bytes for it.</summary>
    public async ValueTask<IReadOnlyList<Peer>> LocateAsync(ContentRequest request, CancellationToken cancellationToken)
    {
        var holders = await Locator.LocateAsync(request, cancellationToken);
        return request.Digest is { } digest && holders.Any(peer => Health.SentWrong(peer, digest))
            ? [.. holders.Where(peer => !Health.SentWrong(peer, digest))]
            : holders;
    }
}
