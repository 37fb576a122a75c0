using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;

namespace Peili.Pulls.Tests;

#pragma warning disable MA0048 // Fixtures that differ in one word.
public sealed class Cluster1_6() : MirroredCluster(new ClusterOptions { Node = new NodeOptions { Containerd = ContainerdRelease.V1_6 } });

public sealed class Cluster1_7() : MirroredCluster(new ClusterOptions { Node = new NodeOptions { Containerd = ContainerdRelease.V1_7 } });

public sealed class Cluster2_1() : MirroredCluster(new ClusterOptions { Node = new NodeOptions { Containerd = ContainerdRelease.V2_1 } });

/// <summary>Content is not shared between containerd's namespaces, and there is no IPv4 but on loopback.</summary>
public sealed class IsolatedCluster1_6() : MirroredCluster(IsolatedOptions(ContainerdRelease.V1_6));

/// <inheritdoc cref="IsolatedCluster1_6"/>
public sealed class IsolatedCluster1_7() : MirroredCluster(IsolatedOptions(ContainerdRelease.V1_7));

/// <inheritdoc cref="IsolatedCluster1_6"/>
public sealed class IsolatedCluster2_1() : MirroredCluster(IsolatedOptions(ContainerdRelease.V2_1));

/// <summary>containerd fetches every layer in parallel pieces, each a range with an open end that is closed early.</summary>
public sealed class ParallelFetchCluster() : MirroredCluster(new ClusterOptions
{
    Node = new NodeOptions { Containerd = ContainerdRelease.V2_1, Settings = new ContainerdSettings { ConcurrentLayerFetchBuffer = 1024 * 1024 } },
});

/// <summary>Nodes that all want one image. They wait for it as long as may be, for this machine may be busy with other things.</summary>
public abstract class Herd(ContainerdRelease release) : MirroredCluster(new ClusterOptions { Nodes = 5, Node = new NodeOptions { Containerd = release } })
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Arguments { get; } = ["--relay-wait", "1m"];
}

/// <inheritdoc/>
public sealed class Herd1_6() : Herd(ContainerdRelease.V1_6);

/// <inheritdoc/>
public sealed class Herd2_1() : Herd(ContainerdRelease.V2_1);

/// <summary>As many nodes as tell a cluster from a handful.</summary>
public sealed class ThirtyNodes() : MirroredCluster(new ClusterOptions { Nodes = 30, Node = new NodeOptions { Containerd = ContainerdRelease.V1_6 } })
{
    /// <summary>What thirty programs compile anew in the background after every start would keep two processors from everything else.</summary>
    protected override IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["DOTNET_TieredCompilation"] = "0" };
}

/// <summary>One node, whose containerd is configured in every way there is.</summary>
public abstract class SingleNode(ContainerdRelease release) : MirroredCluster(new ClusterOptions { Nodes = 1, Node = new NodeOptions { Containerd = release } })
{
    /// <inheritdoc/>
    protected override bool WritesHosts => false;
}

/// <inheritdoc/>
public sealed class SingleNode1_6() : SingleNode(ContainerdRelease.V1_6);

/// <inheritdoc/>
public sealed class SingleNode1_7() : SingleNode(ContainerdRelease.V1_7);

/// <inheritdoc/>
public sealed class SingleNode2_1() : SingleNode(ContainerdRelease.V2_1);
#pragma warning restore MA0048
