using System.Text.Json.Serialization;
using Peili.Crds;

namespace Peili.Kubectl.Nodes;

/// <summary>The nodes for programs: as the API server has them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<NodeMirrorStatus>))]
internal sealed partial class NodesJson : JsonSerializerContext;
