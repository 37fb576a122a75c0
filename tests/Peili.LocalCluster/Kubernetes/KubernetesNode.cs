using System.Net;
using System.Text.Json.Nodes;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>
/// A node of a <see cref="KubernetesCluster"/>: a machine with containerd, kubelet and kube-proxy. Its /run, /var/lib/containerd,
/// /var/lib/kubelet, /var/lib/peili, /var/log and /etc/containerd are folders of <see cref="Directory"/>.
/// </summary>
public sealed class KubernetesNode : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private MachineProcess? _kubelet;
    private MachineProcess? _proxy;
    private NodeSystemd? _systemd;

    internal KubernetesNode(ClusterNode node) => Node = node;

    /// <summary>Its name, for Kubernetes and on the network: node1, node2, ...</summary>
    public string Name => Node.Name;

    /// <summary>What is / on the node, as far as the node has folders of its own.</summary>
    public string Directory => Node.Directory;

    /// <summary>Its namespaces and its link.</summary>
    public Machine Machine => Node.Machine;

    /// <summary>Its containerd. Paths are those outside.</summary>
    public NodeContainerd Containerd => Node.Containerd;

    /// <summary>Its kubelet.</summary>
    /// <exception cref="InvalidOperationException">It was not started yet.</exception>
    public MachineProcess Kubelet => _kubelet ?? throw new InvalidOperationException($"kubelet of {Name} was not started yet");

    /// <summary>Its kube-proxy, without which services have no addresses here.</summary>
    /// <exception cref="InvalidOperationException">It was not started yet.</exception>
    public MachineProcess Proxy => _proxy ?? throw new InvalidOperationException($"kube-proxy of {Name} was not started yet");

    /// <summary>What kubelet and kube-proxy wrote last.</summary>
    public string Log => $"--- {Name}: kubelet\n{_kubelet?.Error}\n--- {Name}: kube-proxy\n{_proxy?.Error}";

    /// <summary>The node without Kubernetes.</summary>
    internal ClusterNode Node { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_systemd?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_kubelet?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Starts kubelet, waits until the node is Ready, and then until kube-proxy has done its part.</summary>
    /// <param name="controlPlane">Whose API server runs.</param>
    /// <param name="group">The node's cgroup.</param>
    /// <param name="options">How it registers.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="TimeoutException">It did not come to that; the message has what they wrote.</exception>
    internal async Task StartAsync(
        KubernetesControlPlane controlPlane, string group, KubernetesNodeOptions options, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(Directory, "etc/cni/net.d/pods.conflist"), NodeConfiguration.PodNetwork(Machine), cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(Directory, "var/lib/kubelet/config.yaml"), NodeConfiguration.Kubelet(controlPlane.Files, group), cancellationToken);
        _systemd = options.Systemd ? await NodeSystemd.StartAsync(Machine, Containerd, cancellationToken) : null;
        var admitted = controlPlane.Files.Admit(Name, $"O=system:nodes,CN=system:node:{Name}", controlPlane.Server);
        _kubelet = await RunAsync("kubelet", NodeConfiguration.KubeletFlags(Machine, admitted, options), cancellationToken);
        await WaitAsync(token => IsReadyAsync(controlPlane.Client, token), "is Ready", cancellationToken);

        admitted = controlPlane.Files.Admit($"{Name}-proxy", "CN=system:kube-proxy", controlPlane.Server);
        _proxy = await RunAsync("kube-proxy", NodeConfiguration.ProxyFlags(Machine, admitted), cancellationToken);
        using var client = Machine.CreateHttpClient();
        await WaitAsync(token => AnswersAsync(client, new Uri("http://127.0.0.1:10256/healthz"), token), "has services", cancellationToken);
    }

    private Task<MachineProcess> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Machine.StartProcessAsync(
            ClusterPrograms.Find(program), arguments, KubernetesControlPlane.Environment, cancellationToken: cancellationToken);

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri($"/api/v1/nodes/{Name}", UriKind.Relative), cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK
            && JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))?["status"]?["conditions"]?.AsArray()
                .Any(condition => (string?)condition?["type"] == "Ready" && (string?)condition?["status"] == "True") == true;
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri uri, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(uri, cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private async Task WaitAsync(Func<CancellationToken, Task<bool>> isSo, string what, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(s_patience);
        try
        {
            while (!await TryAsync())
            {
                if (Kubelet.Exited.IsCompleted)
                {
                    throw new InvalidOperationException($"kubelet ended:\n{Log}");
                }

                await Task.Delay(200, bound.Token);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"not within {s_patience}: {Name} {what}\n{Log}", exception);
        }

        async Task<bool> TryAsync()
        {
            try
            {
                return await isSo(bound.Token);
            }
            catch (HttpRequestException)
            {
                return false; // whoever is asked is still starting
            }
        }
    }
}
