using System.Text.Json.Serialization;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>The same event, seen more than once.</summary>
/// <param name="Count">How often, the first time included; at least 2.</param>
/// <param name="LastObservedTime">When last.</param>
public sealed record EventSeries(
    int Count, [property: JsonConverter(typeof(MicroTimeConverter))] DateTimeOffset LastObservedTime);
