using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peili.Chart.Generator;

/// <summary>values.schema.json, by which Helm refuses values that are wrong or misspelt.</summary>
internal static class ValuesSchema
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static string Write(IReadOnlyList<ChartValue> values)
    {
        var root = Branch();
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        foreach (var value in values)
        {
            var owner = root;
            var names = value.Path.Split('.');
            foreach (var name in names[..^1])
            {
                owner["properties"]![name] ??= Branch();
                owner = owner["properties"]![name]!.AsObject();
            }

            var schema = value.Schema.DeepClone().AsObject();
            schema.Remove("description");
            schema.Insert(0, "description", value.Description);
            owner["properties"]![names[^1]] = schema;
        }

        // What a chart that has this one inside tells all its parts.
        root["properties"]!["global"] = new JsonObject { ["type"] = "object" };
        return root.ToJsonString(s_options) + "\n";
    }

    private static JsonObject Branch() => new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject() };
}
