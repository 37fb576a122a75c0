using System.Text.Json.Serialization;
using Peili.Hosting;
using Peili.NodeAgent.Checks;

namespace Peili.NodeAgent.Operations.Page;

/// <summary>What the page reads, on one line each, as server-sent events need it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PageSummary))]
[JsonSerializable(typeof(PageTransfers))]
[JsonSerializable(typeof(IReadOnlyList<MemberReport>))]
[JsonSerializable(typeof(IReadOnlyList<Problem>))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(ImagesReport))]
internal sealed partial class PageJson : JsonSerializerContext;
