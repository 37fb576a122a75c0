namespace Peili.Operator.Resources;

/// <summary>An address of a node.</summary>
internal sealed record NodeAddress
{
    public string Type { get; init; } = "";

    public string Address { get; init; } = "";
}
