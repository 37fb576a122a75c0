namespace Peili.Crds.Schema;

/// <summary>The string, or each of the map, may be written as a number as well.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IntOrStringAttribute : Attribute;
