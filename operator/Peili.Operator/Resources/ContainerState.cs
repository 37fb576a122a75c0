namespace Peili.Operator.Resources;

/// <summary>What a container is doing, as far as it counts here.</summary>
internal sealed record ContainerState
{
    public ContainerWaiting? Waiting { get; init; }

    public ContainerTerminated? Terminated { get; init; }
}
