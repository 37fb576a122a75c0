namespace Peili.Crds.Schema;

/// <summary>What a number may be, both ends included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RangeAttribute(long min, long max) : Attribute
{
    /// <summary>The largest whole number that every reader of JSON reads exactly.</summary>
    public const long SafeInteger = (1L << 53) - 1;

    public long Min { get; } = min;

    public long Max { get; } = max;
}
