using Peili.LocalCluster;

namespace Peili.Demo;

/// <summary>What an agent says at /status that it moved since it started, in bytes of bodies.</summary>
/// <param name="FromPeers">What it handed to its containerd from other agents.</param>
/// <param name="ToPeers">What it handed to other agents.</param>
internal sealed record AgentTotals(long FromPeers, long ToPeers)
{
    public static async Task<AgentTotals> ReadAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        var transfers = (await node.Agent.ReadAsync("/status", cancellationToken)).GetProperty("transfers");
        return new AgentTotals(transfers.GetProperty("peerBytes").GetInt64(), transfers.GetProperty("uploadedBytes").GetInt64());
    }
}
