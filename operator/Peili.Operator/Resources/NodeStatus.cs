namespace Peili.Operator.Resources;

/// <summary>What of a node's status counts here; not its images and volumes, which are most of it.</summary>
internal sealed record NodeStatus
{
    public NodeSystemInfo? NodeInfo { get; init; }

    public IReadOnlyList<NodeAddress>? Addresses { get; init; }
}
