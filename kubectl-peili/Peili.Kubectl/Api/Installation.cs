using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Operator.Resources;

namespace Peili.Kubectl.Api;

/// <summary>Peili in one cluster: what of it stands in the API server.</summary>
/// <param name="client">Calls to the API server.</param>
/// <param name="server">Its address.</param>
/// <param name="inNamespace">The installation's namespace.</param>
/// <param name="kubectl">What kubectl has to be told to reach the same cluster as the same user.</param>
internal sealed class Installation(KubernetesClient client, Uri server, string inNamespace, IReadOnlyList<string> kubectl) : IDisposable
{
    /// <summary>What the operator's Deployment and its Lease are called.</summary>
    public const string OperatorName = "peili-operator";

    public const string AgentSelector = "app.kubernetes.io/name=peili-agent";

    public const string OperatorSelector = "app.kubernetes.io/name=peili,app.kubernetes.io/component=operator";

    public KubernetesClient Client => client;

    public Uri Server => server;

    public string Namespace => inNamespace;

    public IReadOnlyList<string> KubectlArguments => kubectl;

    /// <summary>The RegistryMirrors, by name.</summary>
    /// <exception cref="IOException">The cluster does not know the kind.</exception>
    public async Task<IReadOnlyList<RegistryMirror>> ReadMirrorsAsync(CancellationToken cancellationToken) =>
        ByName(await ReadOwnAsync(CrdKinds.RegistryMirror, cancellationToken));

    /// <summary>What is known of each node, by name.</summary>
    /// <exception cref="IOException">The cluster does not know the kind.</exception>
    public async Task<IReadOnlyList<NodeMirrorStatus>> ReadNodesAsync(CancellationToken cancellationToken) =>
        ByName(await ReadOwnAsync(CrdKinds.NodeMirrorStatus, cancellationToken));

    /// <summary>The agents' pods, by name.</summary>
    public async Task<IReadOnlyList<Pod>> ReadAgentPodsAsync(CancellationToken cancellationToken) =>
        ByName((await ReadAsync(Kinds.Pod, AgentSelector, cancellationToken)).Where(pod => pod.IsAgent));

    /// <summary>The operator's pods, by name.</summary>
    public async Task<IReadOnlyList<Pod>> ReadOperatorPodsAsync(CancellationToken cancellationToken) =>
        ByName(await ReadAsync(Kinds.Pod, OperatorSelector, cancellationToken));

    public Task<Deployment?> ReadDeploymentAsync(CancellationToken cancellationToken) => client.GetAsync(Kinds.Deployment, new NamespacedName(inNamespace, OperatorName), cancellationToken);

    public Task<Lease?> ReadLeaseAsync(CancellationToken cancellationToken) => client.GetAsync(Lease.ResourceKind, new NamespacedName(inNamespace, OperatorName), cancellationToken);

    public void Dispose() => client.Dispose();

    private async Task<IReadOnlyList<T>> ReadAsync<T>(ResourceKind<T> kind, string selector, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        (await client.ListAsync(kind, new ListOptions { Namespace = inNamespace, LabelSelector = selector }, cancellationToken)).Items;

    private async Task<IReadOnlyList<T>> ReadOwnAsync<T>(ResourceKind<T> kind, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        try
        {
            return (await client.ListAsync(kind, new ListOptions(), cancellationToken)).Items;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            throw new IOException(
                $"{server} does not know {kind.Plural}.{kind.Group}: Peili is not installed there. Install it (kubectl apply -k config/default), or name the right cluster with --context", exception);
        }
    }

    private static T[] ByName<T>(IEnumerable<T> items)
        where T : KubernetesObject =>
        [.. items.OrderBy(item => item.Metadata.Name, StringComparer.Ordinal)];
}
