using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>The ports of the nodes that agents listen on. Choose them below the ephemeral range (32768) and outside that of NodePorts (30000 to 32767).</summary>
[Rule(
    "self.registry != self.peer && self.registry != self.ops && self.registry != self.metrics && self.peer != self.ops && self.peer != self.metrics && self.ops != self.metrics",
    Messages.FourPorts)]
public sealed record PortsSpec
{
    private const int DefaultRegistry = 29950;
    private const int DefaultPeer = 29951;
    private const int DefaultOps = 29952;
    private const int DefaultMetrics = 29953;

    /// <summary>TCP, on loopback: containerd of the same node. 1024 to 65535, 29950 where it is not said.</summary>
    [Range(1024, 65535)]
    public int Registry { get; init => field = value is 0 ? DefaultRegistry : value; } = DefaultRegistry;

    /// <summary>TCP and UDP: agents of other nodes, and the operator. It must be open between the nodes. 1024 to 65535, 29951 where it is not said.</summary>
    [Range(1024, 65535)]
    public int Peer { get; init => field = value is 0 ? DefaultPeer : value; } = DefaultPeer;

    /// <summary>TCP, on loopback: probes and status. 1024 to 65535, 29952 where it is not said.</summary>
    [Range(1024, 65535)]
    public int Ops { get; init => field = value is 0 ? DefaultOps : value; } = DefaultOps;

    /// <summary>TCP: metrics, when metrics.mode is Node. 1024 to 65535, 29953 where it is not said.</summary>
    [Range(1024, 65535)]
    public int Metrics { get; init => field = value is 0 ? DefaultMetrics : value; } = DefaultMetrics;
}
