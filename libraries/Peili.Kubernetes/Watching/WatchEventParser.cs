using System.Text.Json;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Watching;

/// <summary>Reads one line of a watch: <c>{"type":"ADDED","object":{...}}</c>.</summary>
internal static class WatchEventParser
{
    /// <exception cref="JsonException">It is no event, or its object does not fit the record.</exception>
    public static WatchEvent<T> Parse<T>(ReadOnlySpan<byte> line, ResourceKind<T> kind)
        where T : KubernetesObject
    {
        var content = Split(line, out var type);
        switch (type)
        {
            case WatchEventType.Error:
                return new WatchEvent<T>(type, null, null, JsonSerializer.Deserialize(content, ModelJson.Default.Status));
            case WatchEventType.Bookmark:
                // It has nothing but a version, whatever the kind's record requires.
                var bookmark = JsonSerializer.Deserialize(content, ModelJson.Default.KubernetesObject);
                return new WatchEvent<T>(type, null, VersionOf(bookmark), null);
            default:
                var changed = JsonSerializer.Deserialize(content, kind.TypeInfo);
                return new WatchEvent<T>(type, changed, VersionOf(changed), null);
        }
    }

    private static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> line, out WatchEventType type)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 256 });
        WatchEventType? known = null;
        var content = ReadOnlySpan<byte>.Empty;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                known = TypeOf(ListReader.Text(ref reader));
            }
            else
            {
                var isContent = reader.ValueTextEquals("object"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                content = isContent ? line[start..(int)reader.BytesConsumed] : content;
            }
        }

        type = known ?? throw new JsonException("an event must have a type");
        return content.Length > 0 ? content : throw new JsonException("an event must have an object");
    }

    private static WatchEventType TypeOf(string? name) => name switch
    {
        "ADDED" => WatchEventType.Added,
        "MODIFIED" => WatchEventType.Modified,
        "DELETED" => WatchEventType.Deleted,
        "BOOKMARK" => WatchEventType.Bookmark,
        "ERROR" => WatchEventType.Error,
        _ => throw new JsonException($"\"{name}\" is no type of an event"),
    };

    private static string VersionOf(KubernetesObject? changed) =>
        changed?.Metadata.ResourceVersion ?? throw new JsonException("an event's object must have metadata.resourceVersion");
}
