namespace Peili.Kubernetes.Serialization;

/// <summary>The API's Time: RFC 3339 in UTC, whole seconds.</summary>
public sealed class TimeConverter() : UtcTimeConverter("yyyy-MM-dd'T'HH:mm:ss'Z'");
