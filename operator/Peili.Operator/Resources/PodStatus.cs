namespace Peili.Operator.Resources;

/// <summary>What of a pod's status counts here.</summary>
internal sealed record PodStatus
{
    public string? Phase { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<PodCondition>? Conditions { get; init; }

    public IReadOnlyList<ContainerStatus>? ContainerStatuses { get; init; }
}
