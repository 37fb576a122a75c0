namespace Peili.Bench;

/// <summary>What figures are given in.</summary>
internal static class Units
{
    /// <summary>Bytes.</summary>
    public const double Gibibyte = 1L << 30;

    /// <summary>Bytes.</summary>
    public const double Mebibyte = 1 << 20;
}
