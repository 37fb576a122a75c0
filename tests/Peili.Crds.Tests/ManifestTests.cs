using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Crds.Generator;
using Peili.Crds.Tests.Support;
using Peili.LocalCluster;

namespace Peili.Crds.Tests;

/// <summary>The manifests that are made from the records.</summary>
public sealed class ManifestTests
{
    private static IEnumerable<Definition> Definitions =>
    [
        Manifests.Of(CrdKinds.RegistryMirror, legacy: false), Manifests.Of(CrdKinds.NodeMirrorStatus, legacy: false),
        Manifests.Of(CrdKinds.RegistryMirror, legacy: true), Manifests.Of(CrdKinds.NodeMirrorStatus, legacy: true),
    ];

    [Fact]
    public void The_committed_manifests_are_current()
    {
        foreach (var (name, text) in Manifests.All)
        {
            File.ReadAllText(Checkout.PathOf("crds", "manifests", name)).ShouldBe(text, $"{name} is out of date: make crds");
        }
    }

    [Fact]
    public void The_committed_reference_is_current_and_says_every_field_and_rule()
    {
        File.ReadAllText(Checkout.PathOf("docs", "api.md")).ShouldBe(ApiPage.Text, "docs/api.md is out of date: make crds");

        var page = ApiPage.Text.Replace("\\|", "|", StringComparison.Ordinal);
        foreach (var (path, schema) in Definitions.Take(2).SelectMany(definition => SchemaWalk.Of(definition.Schema, definition.Kind)))
        {
            var name = path.Split('.')[^1].TrimEnd('[', ']', '{', '}');
            if (path.Contains(".spec.", StringComparison.Ordinal) || path.Contains(".status.", StringComparison.Ordinal))
            {
                page.ShouldContain($"| `{name}` |", customMessage: path);
                page.ShouldContain(Text(schema["description"]) ?? "", customMessage: path);
            }

            foreach (var rule in schema["x-kubernetes-validations"] as JsonArray ?? [])
            {
                page.ShouldContain(Text(rule!["message"])!, customMessage: path);
            }
        }
    }

    [Fact]
    public void Every_link_of_the_reference_leads_to_a_heading()
    {
        // GitHub's anchors: lower case, blanks to dashes, no other signs.
        var anchors = ApiPage.Text.Split('\n').Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' '))
            .Select(heading => string.Concat(heading.ToLowerInvariant().Where(sign => char.IsAsciiLetterOrDigit(sign) || sign is ' ' or '-')).Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);
        var links = ApiPage.Text.Split("](#")[1..].Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)]).ToList();

        links.Count.ShouldBeGreaterThan(10);
        links.ShouldAllBe(link => anchors.Contains(link));
    }

    [Fact]
    public void Nothing_is_unbounded()
    {
        foreach (var (path, schema) in Definitions.SelectMany(definition => SchemaWalk.Of(definition.Schema, definition.Kind)))
        {
            WhatIsMissing(schema).ShouldBeNull(path);
        }

        static string? WhatIsMissing(JsonObject schema) => (Text(schema["type"]), schema) switch
        {
            (_, var either) when either["x-kubernetes-int-or-string"] is not null => Missing(either, "minimum", "maximum", "maxLength", "pattern"),
            ("string", var text) => text["enum"] is null ? Missing(text, "maxLength") : null,
            ("integer" or "number", var number) => Missing(number, "minimum", "maximum"),
            ("array", var list) => Missing(list, "maxItems", "x-kubernetes-list-type")
                ?? (Text(list["x-kubernetes-list-type"]) == "map" ? Missing(list, "x-kubernetes-list-map-keys") : null),
            ("object", { } map) when map["additionalProperties"] is not null => Missing(map, "maxProperties"),
            ("object" or "boolean", _) => null,
            var (type, _) => $"what {type} is",
        };
    }

    [Fact]
    public void Every_field_is_explained()
    {
        foreach (var (path, schema) in Definitions.SelectMany(definition => SchemaWalk.Of(definition.Schema, definition.Kind)))
        {
            var isField = !path.EndsWith(']') && !path.EndsWith('}') && !path.EndsWith(".metadata", StringComparison.Ordinal);
            (isField && schema["description"] is null).ShouldBeFalse($"{path} has no description");
        }
    }

    [Fact]
    public void The_defaults_of_the_schema_are_those_of_the_records()
    {
        var schema = Manifests.Of(CrdKinds.RegistryMirror, legacy: false).Schema;
        var defaulted = new JsonObject();
        Fill(schema, defaulted);

        var read = defaulted.Deserialize(CrdJson.Default.RegistryMirror);

        defaulted["spec"]!["ports"]!["peer"]!.GetValue<int>().ShouldBe(29951);
        JsonSerializer.SerializeToNode(read, CrdJson.Default.RegistryMirror)!.ToJsonString()
            .ShouldBe(JsonSerializer.Serialize(new RegistryMirror(), CrdJson.Default.RegistryMirror));

        // Whatever is not empty in the record is a default in the schema.
        var record = JsonSerializer.SerializeToNode(new RegistryMirror(), CrdJson.Default.RegistryMirror)!["spec"]!;
        JsonNode.DeepEquals(WithoutEmpty(record), WithoutEmpty(defaulted["spec"]!)).ShouldBeTrue($"{record} must be {defaulted}");
    }

    [Fact]
    public void Servers_that_know_no_rules_are_sent_none()
    {
        foreach (var (name, text) in Manifests.All)
        {
            text.Contains("x-kubernetes-validations", StringComparison.Ordinal).ShouldBe(!name.StartsWith("legacy/", StringComparison.Ordinal), name);
        }
    }

    // As the server does: a field that is missing gets its default, and what is below is looked at then.
    private static void Fill(JsonObject schema, JsonObject value)
    {
        foreach (var (name, field) in schema["properties"] as JsonObject ?? [])
        {
            if (value[name] is null && field!["default"] is { } standard)
            {
                value[name] = standard.DeepClone();
            }

            if (value[name] is JsonObject deeper)
            {
                Fill(field!.AsObject(), deeper);
            }
        }
    }

    private static JsonNode? WithoutEmpty(JsonNode node) => node switch
    {
        JsonObject map => map.Select(entry => (entry.Key, Value: WithoutEmpty(entry.Value!))).Where(entry => entry.Value is not null).ToList() is { Count: > 0 } entries
            ? new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)))
            : null,
        JsonArray { Count: 0 } => null,
        JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length == 0 => null,
        _ => node.DeepClone(),
    };

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    private static string? Missing(JsonObject schema, params string[] names) => names.FirstOrDefault(name => schema[name] is null);
}
