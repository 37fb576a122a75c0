using System.Text.Json.Serialization;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Tests.Serialization;

[JsonSourceGenerationOptions(Converters = [typeof(SharedStringConverter)])]
[JsonSerializable(typeof(Dictionary<string, string?>))]
internal sealed partial class SharedStringJson : JsonSerializerContext;
