namespace Peili.Kubernetes.Discovery;

/// <summary>A resource that the server serves.</summary>
public sealed record APIResource
{
    /// <summary>The plural; a subresource as in <c>deployments/status</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether its objects are in namespaces.</summary>
    public bool Namespaced { get; init; }

    /// <summary>What can be done to it, as in <c>watch</c>.</summary>
    public IReadOnlyList<string> Verbs { get; init => field = value ?? []; } = [];
}
