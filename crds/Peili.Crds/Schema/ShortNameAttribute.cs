namespace Peili.Crds.Schema;

/// <summary>What the kind is called at the command line.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShortNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
