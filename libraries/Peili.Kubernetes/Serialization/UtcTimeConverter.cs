using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peili.Kubernetes.Serialization;

/// <summary>RFC 3339 in UTC.</summary>
/// <param name="format">What the server takes, as .NET writes formats.</param>
public abstract class UtcTimeConverter(string format) : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
    }
}
