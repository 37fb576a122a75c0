using System.Text.Json.Nodes;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>
/// A node of a <see cref="KubernetesCluster"/>: a machine with containerd, kubelet and kube-proxy. Its /run, /var/lib/containerd,
/// /var/lib/kubelet, /var/lib/peili, /var/log and /etc/containerd are folders of <see cref="Directory"/>.
/// </summary>
public sealed class KubernetesNode
{
    private KubernetesNode(ClusterNode node, MachineProcess kubelet, MachineProcess proxy)
    {
        Node = node;
        Kubelet = kubelet;
        Proxy = proxy;
    }

    /// <summary>Its name, for Kubernetes and on the network: node1, node2, ...</summary>
    public string Name => Node.Name;

    /// <summary>What is / on the node, as far as the node has folders of its own.</summary>
    public string Directory => Node.Directory;

    /// <summary>Its namespaces and its link.</summary>
    public Machine Machine => Node.Machine;

    /// <summary>Its containerd. Paths are those outside.</summary>
    public NodeContainerd Containerd => Node.Containerd;

    /// <summary>Its kubelet, which runs.</summary>
    public MachineProcess Kubelet { get; }

    /// <summary>Its kube-proxy, which runs.</summary>
    public MachineProcess Proxy { get; }

    /// <summary>The node without Kubernetes.</summary>
    internal ClusterNode Node { get; }

    /// <param name="node">With the file system of a Kubernetes node.</param>
    /// <param name="controlPlane">Whose API server runs.</param>
    /// <param name="group">Its cgroup.</param>
    /// <param name="options">How it registers.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    internal static async Task<KubernetesNode> StartAsync(
        ClusterNode node, KubernetesControlPlane controlPlane, string group, KubernetesNodeOptions options, CancellationToken cancellationToken)
    {
        await WriteAsync("etc/cni/net.d/pods.conflist", NodeConfiguration.PodNetwork(node.Machine));
        await WriteAsync("var/lib/kubelet/config.yaml", NodeConfiguration.Kubelet(controlPlane.Files, group));
        await WriteAsync("var/lib/kubelet/resolv.conf", "");
        var admitted = controlPlane.Files.Admit(node.Name, $"O=system:nodes,CN=system:node:{node.Name}", controlPlane.Server);
        var kubelet = await StartAsync("kubelet", NodeConfiguration.KubeletFlags(node.Machine, admitted, options));
        admitted = controlPlane.Files.Admit($"{node.Name}-proxy", "CN=system:kube-proxy", controlPlane.Server);
        return new KubernetesNode(node, kubelet, await StartAsync("kube-proxy", NodeConfiguration.ProxyFlags(node.Machine, admitted)));

        Task WriteAsync(string path, string text) => File.WriteAllTextAsync(Path.Combine(node.Directory, path), text, cancellationToken);

        Task<MachineProcess> StartAsync(string program, IEnumerable<string> arguments) => node.Machine.StartProcessAsync(
            ClusterPrograms.Find(program), arguments, KubernetesControlPlane.Environment, cancellationToken: cancellationToken);
    }

    /// <summary>Whether the API server has it as Ready.</summary>
    internal async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            var node = JsonNode.Parse(await client.GetStringAsync(new Uri($"/api/v1/nodes/{Name}", UriKind.Relative), cancellationToken));
            return node?["status"]?["conditions"]?.AsArray()
                .Any(condition => (string?)condition?["type"] == "Ready" && (string?)condition?["status"] == "True") == true;
        }
        catch (HttpRequestException)
        {
            return false; // it has not registered yet
        }
    }
}
