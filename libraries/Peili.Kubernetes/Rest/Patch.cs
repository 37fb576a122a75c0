using System.Text.Json.Nodes;

namespace Peili.Kubernetes.Rest;

/// <summary>A change of an object.</summary>
public sealed class Patch
{
    private Patch(string contentType, JsonNode body) => (ContentType, Body) = (contentType, body);

    internal string ContentType { get; }

    internal JsonNode Body { get; }

    /// <summary>The fields that change (RFC 7396): null takes a field away, a list replaces a list.</summary>
    public static Patch Merge(JsonObject fields) => new("application/merge-patch+json", fields);

    /// <summary>Operations (RFC 6902), done all or none.</summary>
    public static Patch Json(JsonArray operations) => new("application/json-patch+json", operations);
}
