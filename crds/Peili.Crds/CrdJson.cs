using System.Text.Json.Serialization;
using Peili.Kubernetes.Serialization;

namespace Peili.Crds;

/// <summary>How the records are read and written, without reflection. What is null is not written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(SharedStringConverter)])]
[JsonSerializable(typeof(RegistryMirror))]
[JsonSerializable(typeof(NodeMirrorStatus))]
public sealed partial class CrdJson : JsonSerializerContext;
