using System.Collections.Concurrent;
using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Watching;
using Peili.Operator.Commands;
using Peili.Operator.Resources;

namespace Peili.Operator.Cluster;

/// <summary>The operator's copy of the objects it works with.</summary>
internal sealed class ClusterCache
{
    /// <summary>What stands on everything that is the agents'.</summary>
    public const string AgentSelector = "app.kubernetes.io/part-of=peili,app.kubernetes.io/managed-by=peili-operator";

    private readonly ConcurrentDictionary<string, NamespacedName> _agentPods = new(StringComparer.Ordinal);
    private readonly List<(Func<CancellationToken, Task> Run, Func<CancellationToken, Task> WaitForSync, Func<bool> HasSynced)> _informers = [];

    public ClusterCache(KubernetesClient client, OperatorOptions options, Action<Exception, TimeSpan> failed)
    {
        var ours = new ListOptions { Namespace = options.Namespace, LabelSelector = AgentSelector };
        Mirrors = Add(new Informer<RegistryMirror>(client, CrdKinds.RegistryMirror, Of(new ListOptions()), Trim));
        Nodes = Add(new Informer<Node>(client, Kinds.Node, Of(new ListOptions()), Trim));
        Statuses = Add(new Informer<NodeMirrorStatus>(client, CrdKinds.NodeMirrorStatus, Of(new ListOptions()), Trim));
        DaemonSets = Add(new Informer<DaemonSet>(client, Kinds.DaemonSet, Of(ours), Trim));
        Pods = Add(new Informer<Pod>(client, Kinds.Pod, Of(ours), Trim));
        Secrets = Add(new Informer<Secret>(client, Kinds.Secret, Of(new ListOptions { Namespace = options.Namespace }), Trim));
        ConfigMaps = Add(new Informer<KubernetesObject>(client, Kinds.ConfigMap, Of(ours), Trim));
        Services = Add(new Informer<KubernetesObject>(client, Kinds.Service, Of(ours), Trim));
        ServiceAccounts = Add(new Informer<KubernetesObject>(client, Kinds.ServiceAccount, Of(ours), Trim));
        Namespaces = Add(new Informer<KubernetesObject>(client, Kinds.Namespace, Of(new ListOptions { FieldSelector = $"metadata.name={options.Namespace}" }), Trim));

        Pods.Subscribe(FindNodeOf);

        InformerOptions Of(ListOptions objects) => new() { Objects = objects, Failed = failed };
    }

    public Informer<RegistryMirror> Mirrors { get; }

    public Informer<Node> Nodes { get; }

    public Informer<NodeMirrorStatus> Statuses { get; }

    public Informer<DaemonSet> DaemonSets { get; }

    public Informer<Pod> Pods { get; }

    public Informer<Secret> Secrets { get; }

    public Informer<KubernetesObject> ConfigMaps { get; }

    public Informer<KubernetesObject> Services { get; }

    public Informer<KubernetesObject> ServiceAccounts { get; }

    public Informer<KubernetesObject> Namespaces { get; }

    /// <summary>The pod of the agent on a node; null where there is none.</summary>
    public Pod? AgentPodOn(string node) => _agentPods.TryGetValue(node, out var key) ? Pods.Items.GetValueOrDefault(key) : null;

    /// <summary>Whether every first list is in.</summary>
    public bool HasSynced => _informers.TrueForAll(informer => informer.HasSynced());

    /// <summary>Waits for every first list: before, what is missing may well exist.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(_informers.Select(informer => informer.WaitForSync(cancellationToken)));

    /// <summary>Follows everything until the token fires.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_informers.Select(informer => informer.Run(cancellationToken)));

    private Informer<T> Add<T>(Informer<T> informer)
        where T : KubernetesObject
    {
        _informers.Add((informer.RunAsync, informer.WaitForSyncAsync, () => informer.HasSynced));
        return informer;
    }

    private void FindNodeOf(NamespacedName key)
    {
        if (Pods.Items.GetValueOrDefault(key) is not { Spec.NodeName: { } node } pod)
        {
            foreach (var gone in _agentPods.Where(entry => entry.Value == key))
            {
                _agentPods.TryRemove(gone);
            }
        }
        else if (pod.IsAgent && (pod.Metadata.DeletionTimestamp is null || AgentPodOn(node) is null))
        {
            _agentPods[node] = key;
        }
    }

    // What the records name is enough, for nobody writes these objects back. The managed fields alone are half of a node.
    private static T Trim<T>(T item)
        where T : KubernetesObject
    {
        item.Unknown = null;
        item.Metadata.Unknown = null;
        return item;
    }
}
