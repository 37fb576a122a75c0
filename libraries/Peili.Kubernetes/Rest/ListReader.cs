using System.Text.Json;
using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Rest;

/// <summary>Reads one page of a list. Its items lack apiVersion and kind, which the kind has.</summary>
internal static class ListReader
{
    /// <exception cref="JsonException">It is no list, or an item does not fit the record.</exception>
    public static (string? Version, string? Continue) Read<T>(ReadOnlySpan<byte> page, ResourceKind<T> kind, Func<T, T> trim, List<T> into)
        where T : KubernetesObject
    {
        var reader = new Utf8JsonReader(page, new JsonReaderOptions { MaxDepth = 256 });
        var isList = false;
        string? version = null, rest = null;
        Enter(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                (version, rest) = ReadMetadata(ref reader);
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                isList = true;
                ReadItems(ref reader, kind, trim, into);
            }
            else
            {
                Skip(ref reader);
            }
        }

        return isList ? (version, rest) : throw new JsonException("a list must have items");
    }

    private static void ReadItems<T>(ref Utf8JsonReader reader, ResourceKind<T> kind, Func<T, T> trim, List<T> into)
        where T : KubernetesObject
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("items must be an array");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var item = JsonSerializer.Deserialize(ref reader, kind.TypeInfo) ?? throw new JsonException("an item must be an object");
            into.Add(trim(item));
        }
    }

    private static (string? Version, string? Continue) ReadMetadata(ref Utf8JsonReader reader)
    {
        string? version = null, rest = null;
        Enter(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resourceVersion"u8))
            {
                reader.Read();
                version = Text(ref reader);
            }
            else if (reader.ValueTextEquals("continue"u8))
            {
                reader.Read();
                rest = Text(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        return (version, rest is { Length: > 0 } ? rest : null);
    }

    /// <summary>The text at which the reader stands; null for null.</summary>
    public static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException("text must stand here");

    private static void Enter(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException($"{token} must stand here");
        }
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
