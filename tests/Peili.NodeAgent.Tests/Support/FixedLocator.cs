using System.Collections.Concurrent;
using System.Net;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Stands in for the overlay where peers are fakes on bare sockets: offers the same peers for everything, less those that failed.</summary>
internal sealed class FixedLocator(params IEnumerable<Peer> peers) : IPeerLocator
{
    private readonly ConcurrentDictionary<Peer, bool> _avoided = new();

    /// <summary>A peer named by its address.</summary>
    public static Peer PeerAt(IPEndPoint address) => new(address.ToString(), address);

    public bool IsAvoided(Peer peer) => _avoided.ContainsKey(peer);

    public ValueTask<IReadOnlyList<Peer>> LocateAsync(ContentRequest request, CancellationToken cancellationToken) =>
        new([.. peers.Where(peer => !IsAvoided(peer))]);

    public bool Avoid(Peer peer) => _avoided.TryAdd(peer, true);

    /// <summary>Peers that are gone: none answers whether it is there.</summary>
    public ConcurrentDictionary<Peer, bool> Gone { get; } = new();

    public ValueTask<bool> IsThereAsync(Peer peer) => new(!Gone.ContainsKey(peer));
}
