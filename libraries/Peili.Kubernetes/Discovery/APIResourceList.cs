namespace Peili.Kubernetes.Discovery;

/// <summary>The resources of one version of one group.</summary>
internal sealed record APIResourceList
{
    public IReadOnlyList<APIResource> Resources { get; init => field = value ?? []; } = [];
}
