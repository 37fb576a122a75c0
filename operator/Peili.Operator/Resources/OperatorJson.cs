using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Serialization;

namespace Peili.Operator.Resources;

/// <summary>How these views of Kubernetes' objects are read, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(SharedStringConverter)])]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(DaemonSet))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(KubernetesObject))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OperatorJson : JsonSerializerContext;
