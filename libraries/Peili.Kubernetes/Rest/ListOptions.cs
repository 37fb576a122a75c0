namespace Peili.Kubernetes.Rest;

/// <summary>Which objects of a kind are meant.</summary>
public sealed record ListOptions
{
    /// <summary>The namespace; null for all of them, or for a kind without.</summary>
    public string? Namespace { get; init; }

    /// <summary>As in <c>app=x,!y</c>; null for every object.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>As in <c>spec.nodeName=x</c>; null for every object.</summary>
    public string? FieldSelector { get; init; }
}
