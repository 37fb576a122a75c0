namespace Peili.Operator.Resources;

/// <summary>A container of a pod.</summary>
internal sealed record ContainerStatus
{
    public string Name { get; init; } = "";

    public bool Ready { get; init; }

    public ContainerState? State { get; init; }

    public ContainerState? LastState { get; init; }
}
