namespace Peili.Operator.Resources;

/// <summary>Why a container does not run.</summary>
internal sealed record ContainerWaiting
{
    public string? Reason { get; init; }

    public string? Message { get; init; }
}
