using System.Text.Json.Serialization;
using Peili.Kubernetes.Serialization;

namespace Peili.Operator.Resources;

/// <summary>A condition of a pod; unlike those of newer kinds it may have no reason.</summary>
internal sealed record PodCondition
{
    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }
}
