namespace Peili.Operator.Resources;

/// <summary>What of a pod's spec counts here.</summary>
internal sealed record PodSpec
{
    public string? NodeName { get; init; }
}
