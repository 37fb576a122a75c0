namespace Peili.Operator.Resources;

/// <summary>A taint of a node.</summary>
internal sealed record Taint
{
    public string Key { get; init; } = "";

    public string? Value { get; init; }

    public string Effect { get; init; } = "";
}
