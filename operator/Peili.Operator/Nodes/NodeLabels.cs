using System.Text.Json.Nodes;
using Peili.Operator.Cluster;
using Peili.Operator.Resources;

namespace Peili.Operator.Nodes;

/// <summary>The two labels that give a node its agent: each DaemonSet selects exactly these.</summary>
internal static class NodeLabels
{
    /// <summary>Whether they say what the assignment says.</summary>
    public static bool Match(Node node, NodeAssignment assignment) =>
        assignment.Mirror is null ? node.Mirror is null && node.Flavor is null : node.Mirror == assignment.Mirror && node.Flavor == assignment.Flavor.Name;

    /// <summary>Has them say it.</summary>
    /// <exception cref="Kubernetes.Rest.KubernetesException">The node is gone, another one of its name is there, or the server does not answer.</exception>
    public static Task SetAsync(ClusterWriter writer, Node node, NodeAssignment assignment, CancellationToken cancellationToken)
    {
        var labels = assignment.Mirror is null ? [] : new JsonObject { [Node.MirrorLabel] = assignment.Mirror, [Node.FlavorLabel] = assignment.Flavor.Name };

        // With the uid, apply never makes a node that has just gone.
        var metadata = new JsonObject { ["name"] = node.Name, ["uid"] = node.Metadata.Uid, ["labels"] = labels };
        return writer.ApplyAsync(Kubernetes.Rest.ResourceKinds.Any("", "v1", "nodes", "Node", isNamespaced: false), new JsonObject { ["metadata"] = metadata }, cancellationToken);
    }
}
