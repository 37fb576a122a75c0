using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>Who holds something for a while (coordination.k8s.io/v1).</summary>
public sealed record Lease : KubernetesObject
{
    /// <summary>The kind.</summary>
    public static ResourceKind<Lease> ResourceKind { get; } =
        new("coordination.k8s.io", "v1", "leases", "Lease", IsNamespaced: true, ModelJson.Default.Lease);

    /// <summary>Who holds it, and since when.</summary>
    public LeaseSpec Spec { get; init => field = value ?? new LeaseSpec(); } = new();
}
