namespace Peili.Bench.Results;

/// <summary>What a figure should be.</summary>
/// <param name="Bound">The limit, itself still good.</param>
/// <param name="IsLeast">Whether more is better; otherwise less is.</param>
internal sealed record Target(double Bound, bool IsLeast)
{
    public static Target AtLeast(double bound) => new(bound, IsLeast: true);

    public static Target AtMost(double bound) => new(bound, IsLeast: false);

    public bool IsMetBy(double value) => IsLeast ? value >= Bound : value <= Bound;
}
