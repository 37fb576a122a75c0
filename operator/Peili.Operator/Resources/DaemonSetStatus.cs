namespace Peili.Operator.Resources;

/// <summary>How far a DaemonSet is.</summary>
internal sealed record DaemonSetStatus
{
    public long? ObservedGeneration { get; init; }

    public int DesiredNumberScheduled { get; init; }

    public int UpdatedNumberScheduled { get; init; }

    public int NumberAvailable { get; init; }

    public int NumberReady { get; init; }
}
