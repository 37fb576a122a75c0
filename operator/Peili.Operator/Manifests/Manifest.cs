using System.Globalization;
using System.Text.Json.Nodes;
using Peili.Operator.Cluster;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.Operator.Manifests;

/// <summary>The YAML files beside this one, which the operator carries with it.</summary>
internal static class Manifest
{
    /// <summary>Reads one.</summary>
    /// <param name="name">The file's name.</param>
    public static JsonObject Read(string name)
    {
        using var reader = new StreamReader(typeof(Manifest).Assembly.GetManifestResourceStream(name)!);
        var stream = new YamlStream();
        stream.Load(reader);
        return Json(stream.Documents[0].RootNode)!.AsObject();
    }

    /// <summary>Names it, and says that it is ours.</summary>
    /// <param name="manifest">What <see cref="Read"/> returned.</param>
    /// <param name="inNamespace">Its namespace.</param>
    /// <param name="name">Its name; null for the file's.</param>
    /// <param name="labels">More labels.</param>
    public static JsonObject Named(this JsonObject manifest, string inNamespace, string? name = null, params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var metadata = manifest["metadata"] as JsonObject ?? [];
        manifest["metadata"] = metadata;
        metadata["namespace"] = inNamespace;
        metadata["name"] ??= name;
        metadata["labels"] = Labels(labels);
        return manifest;
    }

    /// <summary>The labels of everything that is the agents'.</summary>
    public static JsonObject Labels(params ReadOnlySpan<(string Key, string Value)> more)
    {
        var labels = new JsonObject
        {
            ["app.kubernetes.io/name"] = "peili-agent",
            ["app.kubernetes.io/part-of"] = "peili",
            ["app.kubernetes.io/managed-by"] = ClusterWriter.FieldManager,
        };
        foreach (var (key, value) in more)
        {
            labels[key] = value;
        }

        return labels;
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Json(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Plain(text),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    private static JsonValue Plain(string text) =>
        text is "true" or "false" ? JsonValue.Create(text == "true")
        : text is ['0', _, ..] && text.All(char.IsAsciiDigit) ? JsonValue.Create(Convert.ToInt32(text, 8))
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(text);
}
