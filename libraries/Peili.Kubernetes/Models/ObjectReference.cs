namespace Peili.Kubernetes.Models;

/// <summary>Names an object, of any kind.</summary>
public sealed record ObjectReference
{
    /// <summary>Group and version.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Null for an object of the whole cluster.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>Uid.</summary>
    public string? Uid { get; init; }

    /// <summary>Version.</summary>
    public string? ResourceVersion { get; init; }
}
