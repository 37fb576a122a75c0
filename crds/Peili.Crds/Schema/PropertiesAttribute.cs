namespace Peili.Crds.Schema;

/// <summary>How many entries a map may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PropertiesAttribute(int max) : Attribute
{
    public int Max { get; } = max;
}
