using System.Text.Json.Serialization;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>How changes of the agents are rolled out.</summary>
public sealed record UpdateStrategySpec
{
    private const string DefaultMaxUnavailable = "10%";

    /// <summary>How many nodes of a flavor may be without agent at once: a number from 1 to 9999, or a percentage from 1% to 100%; 10% where it is not said.</summary>
    [IntOrString]
    [Range(1, 9999)]
    [Length(8, Min = 1)]
    [Pattern(Patterns.IntOrPercent, Patterns.IntOrPercentMessage)]
    [JsonConverter(typeof(IntOrStringConverter))]
    public string MaxUnavailable { get; init => field = value ?? DefaultMaxUnavailable; } = DefaultMaxUnavailable;
}
