using System.Text.Json.Nodes;

namespace Peili.Crds.Tests.Support;

/// <summary>Every place of a schema.</summary>
internal static class SchemaWalk
{
    /// <summary>This schema and all below it, each with its path.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Of(JsonObject schema, string path = "")
    {
        yield return (path, schema);
        var below = (schema["properties"] as JsonObject ?? []).Select(property => ($"{path}.{property.Key}", property.Value))
            .Append(($"{path}[]", schema["items"]))
            .Append(($"{path}{{}}", schema["additionalProperties"]));
        foreach (var (name, child) in below)
        {
            foreach (var place in child is JsonObject deeper ? Of(deeper, name) : [])
            {
                yield return place;
            }
        }
    }
}
