using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Peili.Crds.Tests.Support;

/// <summary>YAML as JSON.</summary>
internal static class YamlDocuments
{
    private static readonly IDeserializer s_deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <summary>The objects of a stream of documents.</summary>
    public static IReadOnlyList<JsonObject> Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        var documents = new List<JsonObject>();
        for (parser.Consume<StreamStart>(); parser.Accept<DocumentStart>(out _);)
        {
            documents.Add(Node(s_deserializer.Deserialize<object>(parser))!.AsObject());
        }

        return documents;
    }

    private static JsonNode? Node(object? value) => value switch
    {
        IDictionary<object, object> map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key.ToString()!, Node(entry.Value)))),
        IList<object> list => new JsonArray([.. list.Select(Node)]),
        null => null,
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        _ => JsonValue.Create(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
