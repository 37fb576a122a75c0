using System.Text.Json.Serialization;
using Peili.Hosting;

namespace Peili.Operator.Page;

/// <summary>What the page reads, on one line each, as server-sent events need it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClusterSummary))]
[JsonSerializable(typeof(IReadOnlyList<NodeReport>))]
[JsonSerializable(typeof(IReadOnlyList<ColdStartBlob>))]
[JsonSerializable(typeof(SavingsReport))]
[JsonSerializable(typeof(IReadOnlyList<Problem>))]
internal sealed partial class PageJson : JsonSerializerContext;
