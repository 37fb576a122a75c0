using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>
/// A whole Kubernetes 1.20 on machines of a <see cref="Cluster"/>: a control plane, and nodes with kubelet, kube-proxy and containerd. Pods have
/// addresses that every machine reaches, services have theirs, service accounts and RBAC work; there is no DNS. Everything ends with this
/// process, however that ends.
/// </summary>
/// <example>
/// <code>
/// await using var cluster = await KubernetesCluster.StartAsync(new KubernetesClusterOptions { Nodes = 3 });
/// await cluster.ImportAsync("artifacts/images/peili-operator.tar");
/// (await cluster.KubectlAsync(["apply", "-k", "config/legacy"])).OutputOrThrow("apply");
/// </code>
/// </example>
public sealed class KubernetesCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_kubectlPatience = TimeSpan.FromMinutes(10);

    private readonly KubernetesControlPlane _controlPlane;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<string> _archives = [];
    private IReadOnlyList<KubernetesNode> _nodes = [];

    private KubernetesCluster(Cluster machines, KubernetesControlPlane controlPlane)
    {
        Machines = machines;
        _controlPlane = controlPlane;
    }

    /// <summary>What it runs on, and the upstream registry.</summary>
    public Cluster Machines { get; }

    /// <summary>The administrator's kubeconfig, for programs on this machine.</summary>
    public string KubeConfig => _controlPlane.Files.KubeConfig;

    /// <summary>The machine of the control plane.</summary>
    public Machine ControlPlaneMachine => _controlPlane.Machine;

    /// <summary>The nodes, in the order they were added.</summary>
    public IReadOnlyList<KubernetesNode> Nodes => _nodes;

    /// <summary>A shell and its tools in one static program of this machine, for images that run something.</summary>
    public static string Busybox => ClusterPrograms.Find("busybox");

    /// <summary>Says in one line why there can be none here with this containerd, or null. Tests are skipped with it.</summary>
    public static string? WhyNot(ContainerdRelease release = ContainerdRelease.V1_6) => Cluster.WhyNot(release) ?? ClusterPrograms.WhyNot;

    /// <summary>Starts a cluster and waits until every node is Ready.</summary>
    /// <exception cref="InvalidOperationException">Something did not start; the message has what it said.</exception>
    public static async Task<KubernetesCluster> StartAsync(
        KubernetesClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new KubernetesClusterOptions();
        var machines = await Cluster.StartAsync(new ClusterOptions { Nodes = 0 }, cancellationToken);
        KubernetesCluster? cluster = null;
        try
        {
            cluster = new KubernetesCluster(machines, await KubernetesControlPlane.CreateAsync(machines, cancellationToken));
            cluster._archives.Add(await cluster.BuildPauseImageAsync(cancellationToken));
            await Task.WhenAll(
                Enumerable.Range(0, options.Nodes).Select(_ => cluster.AddNodeAsync(options.Node, cancellationToken))
                    .Prepend(cluster._controlPlane.StartAsync(cancellationToken)));
            return cluster;
        }
        catch
        {
            await (cluster?.DisposeAsync() ?? machines.DisposeAsync());
            throw;
        }
    }

    /// <summary>Adds a node, with every image that was imported so far, and waits until it is Ready and services work there.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message has what kubelet and kube-proxy wrote.</exception>
    public async Task<KubernetesNode> AddNodeAsync(KubernetesNodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new KubernetesNodeOptions();
        if (options.Containerd == ContainerdRelease.V2_1)
        {
            throw new ArgumentException("kubelet 1.20 does not speak to containerd 2: choose 1.6 or 1.7", nameof(options));
        }

        var group = "";
        var node = new KubernetesNode(await Machines.AddNodeAsync(
            new NodeOptions { Containerd = options.Containerd, Settings = NodeConfiguration.Complete(options.Settings) },
            (machine, directory) => NodeFileSystem.PrepareAsync(
                machine, directory, Machines.HostsFile, group = $"peili-{Machines.Id}-{machine.Name}", cancellationToken),
            cancellationToken));

        await _changing.WaitAsync(cancellationToken);
        try
        {
            await ConnectPodsAsync(node.Machine, cancellationToken);
            foreach (var archive in _archives)
            {
                await node.Containerd.ImportAsync(archive, cancellationToken);
            }

            _nodes = [.. _nodes.Append(node).OrderBy(other => other.Name.Length).ThenBy(other => other.Name, StringComparer.Ordinal)];
        }
        finally
        {
            _changing.Release();
        }

        await _controlPlane.Started.WaitAsync(cancellationToken);
        await node.StartAsync(_controlPlane, group, options, cancellationToken);
        return node;
    }

    /// <summary>Pulls a node's plug and deletes it from the API. To see Kubernetes find out by itself, power its machine off instead.</summary>
    public async Task RemoveNodeAsync(KubernetesNode node, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _nodes = [.. _nodes.Where(other => other != node)];
        }
        finally
        {
            _changing.Release();
        }

        await node.DisposeAsync();
        await Machines.RemoveNodeAsync(node.Node);
        (await KubectlAsync(["delete", "node", node.Name], cancellationToken)).OutputOrThrow($"delete node {node.Name}");
    }

    /// <summary>Imports an OCI archive into the containerd of every node there is and of every one to come.</summary>
    public async Task ImportAsync(string archive, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _archives.Add(archive);
            await Task.WhenAll(_nodes.Select(node => node.Containerd.ImportAsync(archive, cancellationToken)));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The kubectl of the servers' own version.</summary>
    public static string OldKubectl => ClusterPrograms.Find("kubectl");

    /// <summary>Runs kubectl on this machine as the administrator, for ten minutes at most: the one on PATH, 1.20 where there is none.</summary>
    public Task<CommandResult> KubectlAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        KubectlAsync(arguments, "", cancellationToken);

    /// <summary>The same, with something to read, as in <c>kubectl apply -f -</c>.</summary>
    public async Task<CommandResult> KubectlAsync(IEnumerable<string> arguments, string input, CancellationToken cancellationToken = default)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(s_kubectlPatience);
        return await Command.RunAsync(
            Tools.TryFind("kubectl") ?? OldKubectl,
            [$"--kubeconfig={KubeConfig}", $"--cache-dir={_controlPlane.Files.PathOf("kubectl")}", .. arguments],
            input,
            bound.Token);
    }

    /// <summary>Ends the API server as a crash would. Everything else goes on.</summary>
    public Task StopApiServerAsync() => _controlPlane.StopApiServerAsync();

    /// <summary>Starts the API server again, with what etcd has, and waits until it is ready.</summary>
    public Task StartApiServerAsync(CancellationToken cancellationToken = default) => _controlPlane.StartApiServerAsync(cancellationToken);

    /// <summary>Resident memory of every program of the cluster's own, in bytes, by machine and program.</summary>
    public IReadOnlyDictionary<string, long> ReadMemory() =>
        _controlPlane.ReadUsage().Select(process => (process.Name, process.Usage))
            .Concat(Nodes.SelectMany(node => new[]
            {
                ($"{node.Name} containerd", node.Containerd.Process.ReadUsage()),
                ($"{node.Name} kubelet", node.Kubelet.ReadUsage()),
                ($"{node.Name} kube-proxy", node.Proxy.ReadUsage()),
            }))
            .ToDictionary(process => process.Item1, process => process.Item2.ResidentBytes, StringComparer.Ordinal);

    /// <summary>What every program wrote last, for the message of a failed test.</summary>
    public string ReadLogs() =>
        string.Join(
            '\n',
            Nodes.Select(node => node.Log).Append(_controlPlane.Logs).Append(Machines.ReadLogs()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
            await _controlPlane.DisposeAsync();
        }
        finally
        {
            await Machines.DisposeAsync();
            _changing.Dispose();
        }
    }

    // Pods of other nodes are reached through their node; services have no address but in the rules of kube-proxy.
    private async Task ConnectPodsAsync(Machine machine, CancellationToken cancellationToken)
    {
        await RouteAsync(machine, ControlPlaneFlags.ServiceRange, "dev", "eth0");
        foreach (var node in _nodes)
        {
            await RouteAsync(machine, NodeConfiguration.PodRangeOf(node.Machine), "via", $"{node.Machine.Address}");
        }

        foreach (var other in _nodes.Select(node => node.Machine).Append(_controlPlane.Machine).Append(Machines.Upstream.Machine))
        {
            await RouteAsync(other, NodeConfiguration.PodRangeOf(machine), "via", $"{machine.Address}");
        }

        async Task RouteAsync(Machine on, params string[] route) =>
            (await on.RunAsync("ip", ["route", "replace", .. route], cancellationToken)).OutputOrThrow($"a route on {on.Name}");
    }

    private async Task<string> BuildPauseImageAsync(CancellationToken cancellationToken)
    {
        var recipe = new ImageRecipe
        {
            Seed = 0,
            Layers = [],
            Files = [new ImageFile("bin/busybox", Busybox)],
            Command = ["/bin/busybox", "sleep", "infinity"],
        };
        var archive = Path.Combine(Machines.Directory, "pause.tar");
        await (await Machines.BuildAsync(recipe, cancellationToken)).WriteOciArchiveAsync(archive, NodeConfiguration.PauseImage, cancellationToken);
        return archive;
    }
}
