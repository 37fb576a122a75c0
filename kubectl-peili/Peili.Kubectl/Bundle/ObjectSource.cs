using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Kubectl.Bundle;

/// <summary>Objects of the API that belong into a bundle.</summary>
/// <param name="Name">What their file is called.</param>
/// <param name="Kind">Their kind.</param>
/// <param name="Namespace">Their namespace; null for objects of the whole cluster.</param>
/// <param name="FieldSelector">Which of them; null for all.</param>
internal sealed record ObjectSource(string Name, ResourceKind<KubernetesObject> Kind, string? Namespace = null, string? FieldSelector = null)
{
    public async Task<IReadOnlyList<KubernetesObject>> ReadAsync(KubernetesClient client, CancellationToken cancellationToken) =>
        (await client.ListAsync(Kind, new ListOptions { Namespace = Namespace, FieldSelector = FieldSelector }, cancellationToken)).Items;
}
