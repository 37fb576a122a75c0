using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peili.Crds;

/// <summary>A map of what <see cref="IntOrStringConverter"/> reads and writes.</summary>
public sealed class IntOrStringMapConverter : JsonConverter<IReadOnlyDictionary<string, string>>
{
    private static readonly IntOrStringConverter s_values = new();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where a map must be");
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            map[key] = s_values.Read(ref reader, typeof(string), options) ?? "";
        }

        return map;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        foreach (var (key, text) in value)
        {
            writer.WritePropertyName(key);
            s_values.Write(writer, text, options);
        }

        writer.WriteEndObject();
    }
}
