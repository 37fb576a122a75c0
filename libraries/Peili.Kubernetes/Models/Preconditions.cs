namespace Peili.Kubernetes.Models;

/// <summary>Which object, and which version of it, is meant.</summary>
public sealed record Preconditions
{
    /// <summary>Its uid; null for any.</summary>
    public string? Uid { get; init; }

    /// <summary>Its version; null for any.</summary>
    public string? ResourceVersion { get; init; }
}
