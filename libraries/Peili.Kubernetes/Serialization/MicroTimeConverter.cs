namespace Peili.Kubernetes.Serialization;

/// <summary>The API's MicroTime: RFC 3339 in UTC with six digits after the point. The server refuses any other number of them.</summary>
public sealed class MicroTimeConverter() : UtcTimeConverter("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
