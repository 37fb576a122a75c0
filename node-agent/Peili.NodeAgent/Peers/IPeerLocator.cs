using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Peers;

/// <summary>Says which peers hold a content.</summary>
internal interface IPeerLocator
{
    /// <summary>Finds holders, best first. Bounded by itself; an empty list is a miss, never an exception.</summary>
    ValueTask<IReadOnlyList<Peer>> LocateAsync(ContentRequest request, CancellationToken cancellationToken);

    /// <summary>Offers a peer that failed no more until it answers a probe. False when it is avoided already, or unknown.</summary>
    bool Avoid(Peer peer);

    /// <summary>Asks a peer that has fallen silent whether it is there at all. Bounded by itself.</summary>
    ValueTask<bool> IsThereAsync(Peer peer);
}
