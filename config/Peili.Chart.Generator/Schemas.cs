using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Crds.Generator;

namespace Peili.Chart.Generator;

/// <summary>What values may be, as JSON Schema (draft 7); what Kubernetes defines itself is looked at by its server.</summary>
internal static class Schemas
{
    private static readonly JsonObject s_mirror = Manifests.Of(CrdKinds.RegistryMirror, legacy: true).Schema["properties"]!["spec"]!.AsObject();

    public static JsonObject Switch => new() { ["type"] = "boolean" };

    public static JsonObject Map => new() { ["type"] = "object" };

    public static JsonObject List => new() { ["type"] = "array", ["items"] = Map };

    public static JsonObject Resources => Closed(s_mirror["properties"]!["agent"]!["properties"]!["resources"]!).AsObject();

    public static JsonObject Tolerations => Closed(s_mirror["properties"]!["tolerations"]!).AsObject();

    /// <summary>Names of RegistryMirrors and their specs, as the definition has them; what only a CEL rule can say is left to the server.</summary>
    public static JsonObject Mirrors => new()
    {
        ["type"] = "object",
        ["propertyNames"] = Text("^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$"),
        ["additionalProperties"] = Closed(s_mirror),
    };

    /// <summary>Labels or annotations that do not take the place of the chart's own.</summary>
    /// <param name="reserved">An expression for the names that do.</param>
    public static JsonObject Marks(string reserved) => new()
    {
        ["type"] = "object",
        ["patternProperties"] = new JsonObject { [reserved] = false },
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
    };

    public static JsonObject Text(string? pattern = null) => pattern is null ? new() { ["type"] = "string" } : new() { ["type"] = "string", ["pattern"] = pattern };

    public static JsonObject OneOf(params ReadOnlySpan<string> values) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.ToArray().Select(value => JsonValue.Create(value))]) };

    public static JsonObject Whole(int minimum) => new() { ["type"] = "integer", ["minimum"] = minimum };

    /// <summary>A schema of OpenAPI as one of JSON Schema that refuses the names it does not know: Helm would pass over a misspelt one without a word.</summary>
    private static JsonNode Closed(JsonNode schema)
    {
        switch (schema)
        {
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Closed(item!))]);
            case JsonObject map:
                var closed = new JsonObject(map
                    .Where(entry => entry.Key != "format" && !entry.Key.StartsWith("x-kubernetes-", StringComparison.Ordinal))
                    .Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)(entry.Key == "properties" ? Fields(entry.Value!.AsObject()) : entry.Key is "default" or "enum" ? entry.Value!.DeepClone() : Closed(entry.Value!)))));
                if (closed["properties"] is not null)
                {
                    closed["additionalProperties"] = false;
                }

                return closed;
            default:
                return schema.DeepClone();
        }
    }

    private static JsonObject Fields(JsonObject properties) => new(properties.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)Closed(field.Value!))));
}
