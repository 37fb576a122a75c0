using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peili.Kubernetes.Serialization;

/// <summary>
/// Reads strings that were read lately as the same object: of thousands of objects most labels, reasons and versions are the same, and are half of what they take.
/// What it remembers is bounded. Safe for use by many threads.
/// </summary>
public sealed class SharedStringConverter : JsonConverter<string>
{
    /// <summary>Longer ones are seldom the same, in bytes.</summary>
    private const int Longest = 128;

    private const int Slots = 8192;

    private static readonly string?[] s_slots = new string?[Slots];

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Shared(ref reader);

    /// <inheritdoc/>
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Shared(ref reader)!;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value);
    }

    private static string? Shared(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest)
        {
            return reader.GetString();
        }

        var hash = default(HashCode);
        hash.AddBytes(reader.ValueSpan);
        ref var slot = ref s_slots[(uint)hash.ToHashCode() % Slots];
        if (slot is { } known && reader.ValueTextEquals(known))
        {
            return known;
        }

        return slot = reader.GetString();
    }
}
