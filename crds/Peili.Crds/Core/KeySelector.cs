using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>A key of a ConfigMap or Secret; the API reference's ConfigMapKeySelector and SecretKeySelector.</summary>
public sealed record KeySelector
{
    /// <summary>The name of the ConfigMap or Secret, in the operator's namespace; at most 253 characters.</summary>
    [Length(253, Min = 1)]
    [Pattern(Patterns.ObjectName, Patterns.ObjectNameMessage)]
    public required string Name { get; init; }

    /// <summary>The key; at most 253 characters.</summary>
    [Length(253, Min = 1)]
    public required string Key { get; init; }

    /// <summary>Whether agents start without it; false where it is not said.</summary>
    public bool? Optional { get; init; }
}
