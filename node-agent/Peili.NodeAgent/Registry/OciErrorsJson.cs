using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peili.NodeAgent.Registry;

[JsonSerializable(typeof(OciErrors))]
internal sealed partial class OciErrorsJson : JsonSerializerContext
{
    /// <summary>Leaves quotes and angle brackets readable: the document is never put into a web page.</summary>
    public static OciErrorsJson Readable { get; } =
        new(new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
