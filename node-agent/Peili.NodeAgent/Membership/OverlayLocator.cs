using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Membership;

/// <summary>Finds holders in the overlay's directory.</summary>
internal sealed class OverlayLocator(ClusterOverlay overlay) : IPeerLocator
{
    public async ValueTask<IReadOnlyList<Peer>> LocateAsync(ContentRequest request, CancellationToken cancellationToken)
    {
        if (overlay.Node is not { } node || cancellationToken.IsCancellationRequested)
        {
            return [];
        }

        try
        {
            var result = await node.LookupAsync(AnnouncedKeys.Of(request), cancellationToken);
            return [.. result.Candidates.Select(candidate => new Peer(candidate.Name, candidate.Address.ToEndPoint()))];
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    public bool Avoid(Peer peer) => overlay.Node?.ReportFailure(peer.Name) == true;
}
