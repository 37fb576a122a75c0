using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Peili.Crds;

/// <summary>How kinds are sent to the server: without empty strings, of which the statuses of thousands of nodes have many.</summary>
internal static class ServerJson
{
    private static readonly JsonSerializerOptions s_options = new(CrdJson.Default.Options) { TypeInfoResolver = CrdJson.Default.WithAddedModifier(LeaveOutEmpty) };

    public static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)s_options.GetTypeInfo(typeof(T));

    private static void LeaveOutEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(string)))
        {
            property.ShouldSerialize = static (_, value) => value is not (null or "");
        }
    }
}
