using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Watching;

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Resource">The object; null for a bookmark or an error.</param>
/// <param name="ResourceVersion">From where a watch would go on; null for an error.</param>
/// <param name="Status">The error; null for anything else.</param>
public sealed record WatchEvent<T>(WatchEventType Type, T? Resource, string? ResourceVersion, Status? Status)
    where T : KubernetesObject;
