using System.Globalization;
using System.Text.Json.Nodes;

namespace Peili.Crds.Generator;

/// <summary>What a schema says of a field, in words.</summary>
internal static class FieldText
{
    /// <summary>Its type, with its bounds.</summary>
    public static string TypeOf(JsonObject schema)
    {
        if (schema["enum"] is JsonArray values)
        {
            return $"one of {string.Join(", ", values.Select(value => $"`{value}`"))}";
        }

        if (schema["x-kubernetes-int-or-string"] is not null)
        {
            return $"integer from {Number(schema["minimum"])} to {Number(schema["maximum"])}, or string of {Length(schema)} like `{schema["pattern"]}`";
        }

        return (string?)schema["type"] switch
        {
            "string" when (string?)schema["format"] == "date-time" => "time",
            "string" => $"string of {Length(schema)}{(schema["pattern"] is { } pattern ? $" like `{pattern}`" : "")}",
            "integer" => $"integer from {Number(schema["minimum"])} to {Number(schema["maximum"])}",
            "array" => $"list of {Unique(schema)}at most {Number(schema["maxItems"])}: {TypeOf(schema["items"]!.AsObject())}",
            "object" when schema["additionalProperties"] is JsonObject item => $"map of at most {Number(schema["maxProperties"])}: {TypeOf(item)}",
            var type => type!,
        };
    }

    /// <summary>What must hold for it besides, by the messages of its rules.</summary>
    public static IEnumerable<string> RulesOf(JsonObject schema) =>
        [.. Own(schema), .. schema["items"] is JsonObject { } items && items["properties"] is null ? Own(items).Select(rule => $"each {rule}") : [],
            .. schema["additionalProperties"] is JsonObject value ? Own(value).Select(rule => $"each {rule}") : []];

    private static IEnumerable<string> Own(JsonObject schema) => (schema["x-kubernetes-validations"] as JsonArray ?? []).Select(rule => (string)rule!["message"]!);

    private static string Unique(JsonObject list) => (string?)list["x-kubernetes-list-type"] switch
    {
        "set" => "different items, ",
        "map" => $"items with different {string.Join(" and ", list["x-kubernetes-list-map-keys"]!.AsArray().Select(key => $"`{key}`"))}, ",
        _ => "",
    };

    private static string Length(JsonObject text) => text["minLength"] is { } least ? $"{least} to {text["maxLength"]} characters" : $"at most {text["maxLength"]} characters";

    /// <summary>With its thousands apart.</summary>
    private static string Number(JsonNode? number) => long.Parse(number!.ToJsonString(), CultureInfo.InvariantCulture).ToString("#,0", CultureInfo.InvariantCulture);
}
