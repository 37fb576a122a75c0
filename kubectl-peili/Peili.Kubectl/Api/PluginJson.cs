using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peili.Kubernetes.Models;
using Peili.Operator.Resources;

namespace Peili.Kubectl.Api;

/// <summary>How Kubernetes' objects are read, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(KubernetesObject))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class PluginJson : JsonSerializerContext;
