using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peili.Containerd.Tests.Support;
using Peili.Crds;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Hosting;
using Peili.Operator.Resources;

namespace Peili.Operator.Tests.Support;

/// <summary>
/// The operator on a real API server, with nodes that are objects only and agents that are simulated. What controllers of Kubernetes would do to DaemonSets a stand-in does.
/// Everything goes when it is disposed, so that the next test finds an empty cluster.
/// </summary>
internal sealed class OperatorScene : IAsyncDisposable
{
    public const string Namespace = SharedControlPlane.Namespace;

    // As in its pods: it may do what config/rbac says, and no more.
    private static readonly Impersonation s_operator = new()
    {
        User = $"system:serviceaccount:{Namespace}:peili-operator",
        Groups = ["system:serviceaccounts", $"system:serviceaccounts:{Namespace}", "system:authenticated"],
    };

    private readonly ControlPlane _controlPlane;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _background = [];
    private readonly string _name = $"test-{Guid.NewGuid():N}";
    private WebApplication? _operator;
    private int _lastNode;

    private OperatorScene(ControlPlane controlPlane, KubernetesClient client, SimulatedAgents agents) => (_controlPlane, Client, Agents) = (controlPlane, client, agents);

    public KubernetesClient Client { get; }

    public SimulatedAgents Agents { get; }

    /// <summary>What the running operator is made of.</summary>
    public IServiceProvider Services => _operator!.Services;

    /// <summary>How many writes the operator has made.</summary>
    public long Writes => Services.GetRequiredService<ClusterWriter>().Writes;

    /// <summary>What the operator takes for the time.</summary>
    public LeapingTime Time { get; } = new();

    /// <summary>The running operator's metrics listener.</summary>
    public Uri Metrics => MetricsOf(_operator!);

    /// <summary>Whether the stand-in for the DaemonSet controller does its work.</summary>
    public bool RollsOut { get; set; } = true;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Uri MetricsOf(WebApplication replica) => new(replica.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal)));

    public static async Task<OperatorScene> StartAsync(SharedControlPlane shared)
    {
        var controlPlane = await shared.GetAsync();
        var client = new KubernetesClient(Configuration(controlPlane));
        var scene = new OperatorScene(controlPlane, client, await SimulatedAgents.StartAsync(client, Namespace));
        scene.Agents.Time = scene.Time;
        scene._background.Add(scene.RollOutAsync(scene._stopping.Token));
        await scene.StartOperatorAsync();
        return scene;
    }

    /// <summary>Starts the operator; it leads when it is returned, unless another one does.</summary>
    public async Task StartOperatorAsync()
    {
        _operator = BuildOperator();
        await _operator.StartAsync(Cancellation);
    }

    /// <summary>Another replica of the operator.</summary>
    public WebApplication BuildOperator()
    {
        var host = OperatorHost.Build(
            new OperatorOptions
            {
                Namespace = Namespace,
                AgentImage = "peili.dev/peili-agent:test",
                Identity = $"{_name}_{Guid.NewGuid():N}",
                ProbeAddress = new IPEndPoint(IPAddress.Loopback, 0),
                MetricsAddress = new IPEndPoint(IPAddress.Loopback, 0),
                LogLevel = LogLevel.Debug,
            },
            Configuration(_controlPlane) with { Impersonation = s_operator },
            services => services.AddSingleton<TimeProvider>(Time));
        host.Services.GetRequiredService<ILoggerFactory>();
        return host;
    }

    /// <summary>Stops the operator as SIGTERM does.</summary>
    public async Task StopOperatorAsync()
    {
        if (_operator is { } running)
        {
            _operator = null;
            await running.StopAsync(CancellationToken.None);
            await running.DisposeAsync();
        }
    }

    /// <summary>Adds a Linux node, by default one of kubeadm's, with an agent that is simulated.</summary>
    public async Task<SimulatedAgent> AddNodeAsync(string name, string runtime = "containerd://1.7.24", string kubelet = "v1.30.0", string? zone = null, bool isTainted = false, string notReady = "", params (string Key, string Value)[] labels)
    {
        var address = new IPAddress([127, 0, 7, (byte)Interlocked.Increment(ref _lastNode)]);
        var agent = Agents.Add(name, address);
        agent.NotReady = notReady;
        var labelled = new JsonObject { ["kubernetes.io/os"] = "linux", ["kubernetes.io/hostname"] = name };
        foreach (var (key, value) in labels.Concat(zone is null ? [] : [("topology.kubernetes.io/zone", zone)]))
        {
            labelled[key] = value;
        }

        var node = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = labelled,
                ["annotations"] = new JsonObject { ["kubeadm.alpha.kubernetes.io/cri-socket"] = "unix:///run/containerd/containerd.sock" },
            },
            ["spec"] = new JsonObject
            {
                ["taints"] = isTainted ? new JsonArray(new JsonObject { ["key"] = Node.StartupTaint, ["effect"] = "NoSchedule" }) : new JsonArray(),
            },
            ["status"] = new JsonObject
            {
                ["nodeInfo"] = new JsonObject
                {
                    ["operatingSystem"] = "linux",
                    ["osImage"] = "Debian GNU/Linux 12",
                    ["containerRuntimeVersion"] = runtime,
                    ["kubeletVersion"] = kubelet,
                    ["architecture"] = "amd64",
                    ["bootID"] = "",
                    ["kernelVersion"] = "",
                    ["kubeProxyVersion"] = "",
                    ["machineID"] = "",
                    ["systemUUID"] = "",
                },
                ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = $"{address}" }),
            },
        };
        agent.Flavor = kubelet.Contains("k3s", StringComparison.Ordinal) ? "k3s" : "kubeadm";
        await FeedKubectlAsync(node.ToJsonString(), "create", "-f", "-");
        return agent;
    }

    /// <summary>A RegistryMirror on the port of the simulated agents, with this spec besides.</summary>
    public Task ApplyAsync(string name, JsonObject? spec = null)
    {
        spec = spec?.DeepClone().AsObject() ?? [];
        spec["ports"] = new JsonObject { ["peer"] = Agents.Port };
        var mirror = new JsonObject { ["apiVersion"] = "peili.dev/v1alpha1", ["kind"] = "RegistryMirror", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
        return FeedKubectlAsync(mirror.ToJsonString(), "apply", "-f", "-");
    }

    public async Task<string> FeedKubectlAsync(string input, params string[] arguments) =>
        (await Command.RunAsync("kubectl", ["--kubeconfig", _controlPlane.KubeConfig, .. arguments], input, Cancellation)).OutputOrThrow($"kubectl {string.Join(' ', arguments)}");

    public Task<string> KubectlAsync(params string[] arguments) => FeedKubectlAsync("", arguments);

    public Task<RegistryMirror?> MirrorAsync(string name = "default") => Client.GetAsync(CrdKinds.RegistryMirror, new NamespacedName(null, name), Cancellation);

    public Task<NodeMirrorStatus?> StatusAsync(string node) => Client.GetAsync(CrdKinds.NodeMirrorStatus, new NamespacedName(null, node), Cancellation);

    public Task<Node?> NodeAsync(string name) => Client.GetAsync(Kinds.Node, new NamespacedName(null, name), Cancellation);

    public Task<DaemonSet?> DaemonSetAsync(string name) => Client.GetAsync(Kinds.DaemonSet, new NamespacedName(Namespace, name), Cancellation);

    /// <summary>Waits until a condition of a RegistryMirror has this status, and returns it.</summary>
    public async Task<Condition> ConditionAsync(string type, string status, string mirror = "default", string? reason = null)
    {
        Condition? found = null;
        RegistryMirror? last = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                last = await MirrorAsync(mirror);
                found = last?.Status?.Conditions.FirstOrDefault(condition => condition.Type == type);
                return found?.Status == status && (reason is null || found.Reason == reason) && found.ObservedGeneration == last!.Metadata.Generation;
            },
            $"{mirror} is {type}={status} {reason}");
        return found!;
    }

    /// <summary>Waits until this scene's operator has told of this, about an object of this name.</summary>
    public Task EventAsync(string reason, string name, string type = "Normal") => Eventually.IsTrueAsync(
        async () => (await KubectlAsync("get", "events", "-A", "-o", """jsonpath={range .items[*]}{.type} {.reason} {.involvedObject.name} {.reportingInstance}{"\n"}{end}"""))
            .Split('\n').Any(line => line.StartsWith($"{type} {reason} {name} {_name}_", StringComparison.Ordinal)),
        $"an event {reason} about {name}");

    /// <summary>Waits until a node is ready in its NodeMirrorStatus.</summary>
    public Task NodeIsReadyAsync(string node) => Eventually.IsTrueAsync(
        async () => (await StatusAsync(node))?.Status?.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" }) == true, $"{node} is ready");

    public async ValueTask DisposeAsync()
    {
        // With the operator still there: it lets RegistryMirrors go.
        await Command.RunAsync("kubectl", ["--kubeconfig", _controlPlane.KubeConfig, "delete", "registrymirrors", "--all", "--wait=false"], "", CancellationToken.None);
        await Command.RunAsync("kubectl", ["--kubeconfig", _controlPlane.KubeConfig, "delete", "nodes", "--all"], "", CancellationToken.None);
        if (_operator is null)
        {
            await StartOperatorAsync();
        }

        await Eventually.IsTrueAsync(async () => (await Client.ListAsync(CrdKinds.RegistryMirror, new ListOptions(), CancellationToken.None)).Items.Count == 0, "every RegistryMirror is gone");
        await StopOperatorAsync();
        await _stopping.CancelAsync();
        await Task.WhenAll(_background);
        await Command.RunAsync(
            "kubectl",
            ["--kubeconfig", _controlPlane.KubeConfig, "delete", "-n", Namespace, "daemonsets,secrets,configmaps,services,serviceaccounts,pods,leases", "--all", "--grace-period=0", "--force"],
            "",
            CancellationToken.None);
        await Command.RunAsync("kubectl", ["--kubeconfig", _controlPlane.KubeConfig, "delete", "nodemirrorstatuses", "--all"], "", CancellationToken.None);
        await Agents.DisposeAsync();
        Client.Dispose();
        _stopping.Dispose();
    }

    private static KubernetesClientConfiguration Configuration(ControlPlane controlPlane) => KubernetesClientConfiguration.Build(KubeConfig.Load(controlPlane.KubeConfig));

    private async Task RollOutAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RollOutOnceAsync(cancellationToken);
            }
            catch (KubernetesException)
            {
                // Something went in between; the next round finds it so.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(200, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RollOutOnceAsync(CancellationToken cancellationToken)
    {
        if (!RollsOut)
        {
            return;
        }

        foreach (var set in (await Client.ListAsync(Kinds.DaemonSet, new ListOptions { Namespace = Namespace }, cancellationToken)).Items)
        {
            var labels = set.Metadata.Labels!;
            var nodes = await Client.ListAsync(
                Kinds.Node, new ListOptions { LabelSelector = $"{Node.MirrorLabel}={labels[Node.MirrorLabel]},{Node.FlavorLabel}={labels[Node.FlavorLabel]}" }, cancellationToken);
            var count = nodes.Items.Count;
            if (set.Status?.ObservedGeneration != set.Metadata.Generation || set.Status?.DesiredNumberScheduled != count)
            {
                var status = new JsonObject
                {
                    ["observedGeneration"] = set.Metadata.Generation,
                    ["desiredNumberScheduled"] = count,
                    ["updatedNumberScheduled"] = count,
                    ["numberAvailable"] = count,
                    ["numberReady"] = count,
                    ["currentNumberScheduled"] = count,
                    ["numberMisscheduled"] = 0,
                };
                await Client.PatchAsync(Kinds.DaemonSet, set.Key, Patch.Merge(new JsonObject { ["status"] = status }), cancellationToken, "status");
            }
        }
    }
}
