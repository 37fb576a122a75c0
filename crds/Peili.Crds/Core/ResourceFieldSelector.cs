using System.Text.Json.Serialization;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>A limit or request of a container; the API reference's ResourceFieldSelector.</summary>
public sealed record ResourceFieldSelector
{
    /// <summary>The container; that of the variable where there is none. At most 63 characters.</summary>
    [Length(63)]
    public string? ContainerName { get; init; }

    /// <summary>Which, as in <c>limits.memory</c>; at most 256 characters.</summary>
    [Length(256, Min = 1)]
    public required string Resource { get; init; }

    /// <summary>What it is counted in, as in <c>1Mi</c>; in ones where there is none.</summary>
    [IntOrString]
    [Range(0, RangeAttribute.SafeInteger)]
    [Length(32)]
    [Pattern(Patterns.Quantity, Patterns.QuantityMessage)]
    [JsonConverter(typeof(IntOrStringConverter))]
    public string? Divisor { get; init; }
}
