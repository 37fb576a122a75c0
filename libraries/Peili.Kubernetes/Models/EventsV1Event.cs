using System.Text.Json.Serialization;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>What happened to an object, for a person (events.k8s.io/v1).</summary>
public sealed record EventsV1Event : KubernetesObject
{
    /// <summary>The kind.</summary>
    public static ResourceKind<EventsV1Event> ResourceKind { get; } =
        new("events.k8s.io", "v1", "events", "Event", IsNamespaced: true, ModelJson.Default.EventsV1Event);

    /// <summary>When it was first seen.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Which program saw it.</summary>
    public string? ReportingController { get; init; }

    /// <summary>Which process of it.</summary>
    public string? ReportingInstance { get; init; }

    /// <summary>What was done, as in <c>Reconcile</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Why, for a program: one word in CamelCase.</summary>
    public string? Reason { get; init; }

    /// <summary>What it happened to.</summary>
    public ObjectReference? Regarding { get; init; }

    /// <summary>What happened, for a person.</summary>
    public string? Note { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; init; }

    /// <summary>How often it was seen again; null for an event seen once.</summary>
    public EventSeries? Series { get; init; }
}
