using System.Text.Json.Serialization;

namespace Peili.NodeAgent.Membership;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(OverlayState))]
internal sealed partial class OverlayStateJson : JsonSerializerContext;
