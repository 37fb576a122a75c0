using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;
using Peili.Operator.Resources;
using Peili.Operator.Tests.Support;

namespace Peili.Bench.Operator;

/// <summary>A real API server with thousands of nodes that are objects only; their agents are simulated in this process, everything else stands in for controllers.</summary>
internal sealed class LargeCluster : IAsyncDisposable
{
    private const string Namespace = "peili-system";
    private const int WrittenAtOnce = 16;

    private static readonly ResourceKind<KubernetesObject> s_nodes = ResourceKinds.Any("", "v1", "nodes", "Node", isNamespaced: false);
    private static readonly ResourceKind<KubernetesObject> s_pods = ResourceKinds.Any("", "v1", "pods", "Pod", isNamespaced: true);
    private static readonly ResourceKind<KubernetesObject> s_daemonSets = ResourceKinds.Any("apps", "v1", "daemonsets", "DaemonSet", isNamespaced: true);
    private static readonly ResourceKind<KubernetesObject> s_mirrors =
        ResourceKinds.Any(CrdKinds.Group, CrdKinds.Version, CrdKinds.RegistryMirror.Plural, CrdKinds.RegistryMirror.Kind, isNamespaced: false);

    private static readonly ResourceKind<KubernetesObject> s_statuses =
        ResourceKinds.Any(CrdKinds.Group, CrdKinds.Version, CrdKinds.NodeMirrorStatus.Plural, CrdKinds.NodeMirrorStatus.Kind, isNamespaced: false);

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly ControlPlane _controlPlane;
    private readonly KubernetesClient _client;
    private readonly SimulatedAgents _agents;
    private readonly HttpClient _http;
    private SimulatedAgent? _last;

    private LargeCluster(ControlPlane controlPlane, KubernetesClient client, SimulatedAgents agents)
    {
        (_controlPlane, _client, _agents) = (controlPlane, client, agents);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(controlPlane.CertificateAuthority);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } }) { BaseAddress = controlPlane.Server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", controlPlane.Token);
    }

    public string KubeConfig => _controlPlane.KubeConfig;

    /// <summary>Starts the API server, and agents of so many nodes; the nodes are still to be added.</summary>
    public static async Task<LargeCluster> StartAsync(int agents, CancellationToken cancellationToken)
    {
        var controlPlane = await ControlPlane.StartAsync(cancellationToken);
        try
        {
            (await Command.RunAsync("kubectl", ["--kubeconfig", controlPlane.KubeConfig, "apply", "-k", Checkout.PathOf("crds", "manifests", "legacy")], "", cancellationToken))
                .OutputOrThrow("kubectl apply");
            var client = new KubernetesClient(KubernetesClientConfiguration.Build(Kubernetes.Configuration.KubeConfig.Load(controlPlane.KubeConfig)));
            await client.ApplyAsync(Kinds.Namespace, new KubernetesObject { Metadata = new ObjectMeta { Name = Namespace } }, "bench", cancellationToken);
            var cluster = new LargeCluster(controlPlane, client, await SimulatedAgents.StartAsync(client, Namespace));
            for (var number = 0; number < agents; number++)
            {
                cluster._last = cluster._agents.Add(NodeObjects.NameOf(number), NodeObjects.AddressOf(number));
                cluster._last.Zone = ZoneOf(number);
            }

            return cluster;
        }
        catch
        {
            await controlPlane.DisposeAsync();
            throw;
        }

        static string ZoneOf(int number) => NodeObjects.Node(number, isLabelled: false)["metadata"]!["labels"]!["topology.kubernetes.io/zone"]!.GetValue<string>();
    }

    /// <summary>Adds nodes of these numbers.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="isLabelled">Whether they have the operator's labels, as an operator of before would have left them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task AddNodesAsync(IEnumerable<int> numbers, bool isLabelled, CancellationToken cancellationToken) =>
        EachAsync(numbers, (number, token) => CreateAsync(s_nodes, NodeObjects.Node(number, isLabelled), token), cancellationToken);

    /// <summary>Adds a RegistryMirror that selects every node.</summary>
    public Task AddMirrorAsync(CancellationToken cancellationToken) => CreateAsync(s_mirrors, NodeObjects.RegistryMirror(_agents.Port), cancellationToken);

    /// <summary>Waits until the operator has written the first statuses, and writes those of these nodes in its stead: the same, but for name and address.</summary>
    public async Task AddStatusesAsync(IReadOnlyCollection<int> numbers, CancellationToken cancellationToken)
    {
        var (written, model) = await FirstStatusAsync(numbers, cancellationToken);
        await EachAsync(
            numbers,
            async (number, token) =>
            {
                var node = await _client.GetAsync(s_nodes, Of(number), token);
                var owner = new OwnerReference { ApiVersion = "v1", Kind = "Node", Name = NodeObjects.NameOf(number), Uid = node!.Metadata.Uid! };
                await _client.ApplyAsync(
                    s_statuses, new KubernetesObject { Metadata = new ObjectMeta { Name = NodeObjects.NameOf(number), OwnerReferences = [owner] } }, "peili-operator", token);
                var status = model.Replace($"{NodeObjects.AddressOf(written)}:", $"{NodeObjects.AddressOf(number)}:", StringComparison.Ordinal);
                await _client.PatchAsync(s_statuses, Of(number), Patch.Merge(new JsonObject { ["status"] = JsonNode.Parse(status) }), token, "status");
            },
            cancellationToken);
    }

    /// <summary>Does what the DaemonSet's controller and kubelets do: a pod on each of these nodes, all of them ready.</summary>
    public async Task AddPodsAsync(IReadOnlyCollection<int> numbers, CancellationToken cancellationToken)
    {
        var set = await DaemonSetAsync(cancellationToken);
        await EachAsync(
            numbers,
            async (number, token) =>
            {
                var pod = await CreateAsync(s_pods, NodeObjects.Pod(set, number), token);
                await _client.PatchAsync(s_pods, pod.Key, Patch.Merge(new JsonObject { ["status"] = NodeObjects.PodStatus(number) }), token, "status");
            },
            cancellationToken);
        var status = NodeObjects.DaemonSetStatus(set, numbers.Max() + 1);
        await _client.PatchAsync(s_daemonSets, new NamespacedName(Namespace, set["metadata"]!["name"]!.GetValue<string>()), Patch.Merge(new JsonObject { ["status"] = status }), cancellationToken, "status");
    }

    /// <summary>Waits until the RegistryMirror says that so many nodes are ready.</summary>
    public async Task WaitReadyAsync(int nodes, CancellationToken cancellationToken)
    {
        while ((await _client.GetAsync(CrdKinds.RegistryMirror, new NamespacedName(null, NodeObjects.Mirror), cancellationToken))?.Status?.Nodes?.Ready != nodes)
        {
            await Task.Delay(s_period, cancellationToken);
        }
    }

    /// <summary>Changes how much agents log, and tells how long it takes until their DaemonSet and the conditions say so.</summary>
    public async Task<TimeSpan> ChangeSpecAsync(CancellationToken cancellationToken)
    {
        var key = new NamespacedName(null, NodeObjects.Mirror);
        var start = Stopwatch.GetTimestamp();
        var changed = await _client.PatchAsync(
            CrdKinds.RegistryMirror, key, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["agent"] = new JsonObject { ["logLevel"] = "Debug" } } }), cancellationToken);
        return await UntilAsync(
            start,
            async () => (await _client.GetAsync(CrdKinds.RegistryMirror, key, cancellationToken))!.Status!.ObservedGeneration == changed!.Metadata.Generation
                && (await DaemonSetAsync(cancellationToken)).ToJsonString().Contains("--log-level=Debug", StringComparison.Ordinal),
            cancellationToken);
    }

    /// <summary>Has the last agent find something, and tells how long it takes until its NodeMirrorStatus says so.</summary>
    public async Task<TimeSpan> ChangeAgentAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        _last!.Change(agent => agent.Verdict = nameof(Verdict.NeedsConfiguration));
        return await UntilAsync(
            start,
            async () => (await _client.GetAsync(CrdKinds.NodeMirrorStatus, new NamespacedName(null, _last.Node), cancellationToken))!.Status!.Verdict == Verdict.NeedsConfiguration,
            cancellationToken);
    }

    /// <summary>How many writes the API server was asked for until now, by resource.</summary>
    public async Task<Dictionary<string, long>> WritesAsync(CancellationToken cancellationToken) =>
        ApiServerCounters.Writes(await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _agents.DisposeAsync();
        _client.Dispose();
        _http.Dispose();
        await _controlPlane.DisposeAsync();
    }

    private static async Task<TimeSpan> UntilAsync(long start, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition())
        {
            await Task.Delay(s_look, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private async Task<(int Node, string Status)> FirstStatusAsync(IReadOnlyCollection<int> numbers, CancellationToken cancellationToken)
    {
        var byName = numbers.ToDictionary(NodeObjects.NameOf, StringComparer.Ordinal);
        while (true)
        {
            var ready = (await _client.ListAsync(CrdKinds.NodeMirrorStatus, new ListOptions(), cancellationToken)).Items
                .FirstOrDefault(item => byName.ContainsKey(item.Key.Name) && item.Status?.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" }) == true);
            if (ready is not null)
            {
                var written = await _client.GetAsync(s_statuses, ready.Key, cancellationToken);
                return (byName[ready.Key.Name], written!.Unknown!["status"].GetRawText());
            }

            await Task.Delay(s_period, cancellationToken);
        }
    }

    private async Task<JsonObject> DaemonSetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if ((await _client.ListAsync(s_daemonSets, new ListOptions { Namespace = Namespace }, cancellationToken)).Items is [var set])
            {
                return JsonSerializer.SerializeToNode(set, s_daemonSets.TypeInfo)!.AsObject();
            }

            await Task.Delay(s_period, cancellationToken);
        }
    }

    private Task<KubernetesObject> CreateAsync(ResourceKind<KubernetesObject> kind, JsonObject created, CancellationToken cancellationToken) =>
        _client.CreateAsync(kind, created.Deserialize(kind.TypeInfo)!, cancellationToken);

    private static NamespacedName Of(int number) => new(null, NodeObjects.NameOf(number));

    private static Task EachAsync(IEnumerable<int> numbers, Func<int, CancellationToken, Task> action, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        numbers, new ParallelOptions { MaxDegreeOfParallelism = WrittenAtOnce, CancellationToken = cancellationToken }, async (number, token) => await action(number, token));
}
