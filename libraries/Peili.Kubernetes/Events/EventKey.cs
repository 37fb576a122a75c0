namespace Peili.Kubernetes.Events;

/// <summary>What makes two events the same.</summary>
internal readonly record struct EventKey(string? Uid, string? Name, string Type, string Reason, string Action, string Note);
