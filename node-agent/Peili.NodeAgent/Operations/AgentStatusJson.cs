using System.Text.Json.Serialization;

namespace Peili.NodeAgent.Operations;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(LocateReport))]
[JsonSerializable(typeof(ProbeReport))]
internal sealed partial class AgentStatusJson : JsonSerializerContext;
