using System.Text.Json.Serialization;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>What a container asks for and may use; the API reference's ResourceRequirements.</summary>
public sealed record ResourceRequirements
{
    /// <summary>The most it may use, by resource, as in <c>memory: 256Mi</c>.</summary>
    [Properties(16)]
    [IntOrString]
    [Range(0, RangeAttribute.SafeInteger)]
    [Length(32)]
    [Pattern(Patterns.Quantity, Patterns.QuantityMessage)]
    [JsonConverter(typeof(IntOrStringMapConverter))]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }

    /// <summary>What is set aside for it on the node, by resource, as in <c>cpu: 20m</c>.</summary>
    [Properties(16)]
    [IntOrString]
    [Range(0, RangeAttribute.SafeInteger)]
    [Length(32)]
    [Pattern(Patterns.Quantity, Patterns.QuantityMessage)]
    [JsonConverter(typeof(IntOrStringMapConverter))]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }
}
