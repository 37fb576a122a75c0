using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Events;

/// <summary>An event that was written, and how often it was seen since.</summary>
internal sealed class RecordedSeries(NamespacedName key, DateTimeOffset now)
{
    public NamespacedName Key => key;

    public int Count { get; set; } = 1;

    public int Written { get; set; } = 1;

    public DateTimeOffset LastSeen { get; set; } = now;
}
