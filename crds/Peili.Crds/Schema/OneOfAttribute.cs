namespace Peili.Crds.Schema;

/// <summary>The values a string may have that is no enumeration of ours.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] values) : Attribute
{
    public string[] Values { get; } = values;
}
