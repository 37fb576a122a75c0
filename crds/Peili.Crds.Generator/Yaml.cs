using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.Crds.Generator;

/// <summary>Writes JSON as YAML that every reader takes for the same, in the order given.</summary>
internal static partial class Yaml
{
    private const int Width = 140;

    public static string Write(JsonObject json)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, EmitterSettings.Default.WithBestWidth(Width).WithNewLine("\n"));
        new YamlStream(new YamlDocument(Node(json))).Save(emitter, assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    private static YamlNode Node(JsonNode? json) => json switch
    {
        JsonObject map => new YamlMappingNode(map.Select(entry => KeyValuePair.Create((YamlNode)new YamlScalarNode(entry.Key), Node(entry.Value)))),
        JsonArray list => new YamlSequenceNode(list.Select(Node)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
        _ => new YamlScalarNode(json?.ToJsonString() ?? "null"),
    };

    private static YamlScalarNode Text(string text) => new(text)
    {
        Style = text.Length > Width / 2 ? ScalarStyle.Folded : Plain().IsMatch(text) && !IsWordOfYaml(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted,
    };

    // Readers of YAML 1.1 take a bare On for true.
    private static bool IsWordOfYaml(string text) => text.ToUpperInvariant() is "ON" or "OFF" or "YES" or "NO" or "Y" or "N" or "TRUE" or "FALSE" or "NULL";

    [GeneratedRegex("^[A-Za-z][-A-Za-z0-9/._]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
