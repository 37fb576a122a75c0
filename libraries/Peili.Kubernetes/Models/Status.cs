using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>What the API server says where it has no object to give; the API reference's Status.</summary>
public sealed record Status
{
    /// <summary><c>Success</c> or <c>Failure</c>.</summary>
    [JsonPropertyName("status")]
    public string? State { get; init; }

    /// <summary>For a person.</summary>
    public string? Message { get; init; }

    /// <summary>For a program: <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Expired</c>, ...</summary>
    public string? Reason { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? Code { get; init; }

    /// <summary>More about some reasons.</summary>
    public JsonElement? Details { get; init; }
}
