using Peili.Crds;

namespace Peili.Kubectl.Overview;

/// <summary>Bytes that containerd got from the agents since these were started, over all nodes.</summary>
/// <param name="FromPeers">From other nodes: what upstream did not have to send.</param>
/// <param name="FromRelay">Those of them that came from nodes that were still downloading.</param>
/// <param name="FromLocal">From the nodes' own stores.</param>
internal sealed record SavedOverview(long FromPeers, long FromRelay, long FromLocal)
{
    public static SavedOverview Of(IReadOnlyList<NodeMirrorStatus> nodes)
    {
        ByteCounters[] counters = [.. nodes.Select(node => node.Status?.Bytes).OfType<ByteCounters>()];
        return new(counters.Sum(bytes => bytes.FromPeers), counters.Sum(bytes => bytes.FromRelay), counters.Sum(bytes => bytes.FromLocal));
    }
}
