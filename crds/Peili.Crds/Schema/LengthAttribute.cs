namespace Peili.Crds.Schema;

/// <summary>How long a string may be, or each string of a list or map.</summary>
/// <param name="max">The most characters.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LengthAttribute(int max) : Attribute
{
    public int Max { get; } = max;

    public int Min { get; set; }
}
