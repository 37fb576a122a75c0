namespace Peili.Kubernetes.Models;

/// <summary>How an object is deleted.</summary>
public sealed record DeleteOptions
{
    /// <summary>Seconds that a pod has for its end; null for the object's own.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c> or <c>Orphan</c>: what becomes of the objects it owns.</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>What must hold, else the answer is a conflict and the object stays.</summary>
    public Preconditions? Preconditions { get; init; }
}
