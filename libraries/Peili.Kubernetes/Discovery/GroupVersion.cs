using System.Text.Json.Serialization;

namespace Peili.Kubernetes.Discovery;

/// <summary>A version of a group.</summary>
/// <param name="Name">As in <c>apps/v1</c>.</param>
internal sealed record GroupVersion([property: JsonPropertyName("groupVersion")] string Name);
