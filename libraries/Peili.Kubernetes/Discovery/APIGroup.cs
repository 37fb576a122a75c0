namespace Peili.Kubernetes.Discovery;

/// <summary>A group of the API and its versions.</summary>
internal sealed record APIGroup
{
    public required string Name { get; init; }

    public IReadOnlyList<GroupVersion> Versions { get; init => field = value ?? []; } = [];
}
