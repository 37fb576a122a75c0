namespace Peili.Kubernetes.Rest;

/// <summary>Which part of a container's log is meant.</summary>
public sealed record LogOptions
{
    /// <summary>The container; null where the pod has only one.</summary>
    public string? Container { get; init; }

    /// <summary>Whether the container before the last restart is meant.</summary>
    public bool Previous { get; init; }

    /// <summary>How many of the last lines; null for all of them.</summary>
    public int? TailLines { get; init; }

    /// <summary>How many bytes at most; null for as many as the client accepts.</summary>
    public int? LimitBytes { get; init; }
}
