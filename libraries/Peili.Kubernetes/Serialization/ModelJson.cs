using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Discovery;
using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Serialization;

/// <summary>How the models of this library are read and written, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 256)]
[JsonSerializable(typeof(KubernetesObject))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(Condition))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(EventsV1Event))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(APIGroupList))]
[JsonSerializable(typeof(APIVersions))]
[JsonSerializable(typeof(APIResourceList))]
[JsonSerializable(typeof(ExecCredential))]
[JsonSerializable(typeof(DeleteOptions))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ModelJson : JsonSerializerContext;
