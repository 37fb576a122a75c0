using System.Text.Json.Serialization;

namespace Peili.Kubernetes.Tests.Support;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigMap))]
internal sealed partial class TestJson : JsonSerializerContext;
