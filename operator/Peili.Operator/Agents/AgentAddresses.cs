using System.Net;
using Peili.Crds;
using Peili.Flavors;
using Peili.Kubernetes.Models;
using Peili.Operator.Cluster;
using Peili.Operator.Resources;

namespace Peili.Operator.Agents;

/// <summary>Where the agent of a node is reached.</summary>
internal sealed class AgentAddresses(ClusterCache cache, FlavorCatalog flavors)
{
    private static readonly PortsSpec s_ports = new();

    /// <summary>The peer endpoints of all of them, by node name.</summary>
    public IReadOnlyDictionary<string, IPEndPoint> All =>
        cache.Nodes.Items.Values.Select(node => (node.Name, Agent: Of(node))).Where(node => node.Agent is not null).ToDictionary(node => node.Name, node => node.Agent!, StringComparer.Ordinal);

    /// <summary>The peer endpoint of the agent that the node's labels ask for; null where there is none, or the node has no address.</summary>
    public IPEndPoint? Of(Node node) =>
        node is { Mirror: { } mirror, Flavor: { } name, Address: { } address }
        && flavors.Flavors.FirstOrDefault(flavor => flavor.Name == name) is { Verdict: not FlavorVerdict.Unsupported }
            ? new IPEndPoint(address, (cache.Mirrors.Items.GetValueOrDefault(new NamespacedName(null, mirror))?.Spec.Ports ?? s_ports).Peer)
            : null;
}
