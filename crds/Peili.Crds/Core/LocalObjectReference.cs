using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>An object of the operator's namespace, by its name.</summary>
public sealed record LocalObjectReference
{
    /// <summary>The name of the object; at most 253 characters.</summary>
    [Length(253, Min = 1)]
    [Pattern(Patterns.ObjectName, Patterns.ObjectNameMessage)]
    public required string Name { get; init; }
}
