namespace Peili.Kubernetes.Discovery;

/// <summary>What <c>/apis</c> answers.</summary>
internal sealed record APIGroupList
{
    public IReadOnlyList<APIGroup> Groups { get; init => field = value ?? []; } = [];
}
