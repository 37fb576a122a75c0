using System.Text.Json.Serialization;

namespace Peili.Operator.Resources;

/// <summary>What of a node's spec counts here.</summary>
internal sealed record NodeSpec
{
    // The API writes ID where camel case would be Id.
    [JsonPropertyName("providerID")]
    public string? ProviderId { get; init; }

    public IReadOnlyList<Taint>? Taints { get; init; }
}
