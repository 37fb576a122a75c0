namespace Peili.Kubernetes.Models;

/// <summary>The owner of an object, in the same namespace or of the whole cluster.</summary>
public sealed record OwnerReference
{
    /// <summary>Group and version of the owner.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The owner's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The owner's name.</summary>
    public required string Name { get; init; }

    /// <summary>The owner's uid: another object of its name is not the owner.</summary>
    public required string Uid { get; init; }

    /// <summary>Whether it is the one that manages the object.</summary>
    public bool? Controller { get; init; }

    /// <summary>Whether the owner stays until the object is gone, when it is deleted in the foreground.</summary>
    public bool? BlockOwnerDeletion { get; init; }
}
