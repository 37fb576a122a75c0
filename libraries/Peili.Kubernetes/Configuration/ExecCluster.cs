using System.Text.Json.Serialization;

namespace Peili.Kubernetes.Configuration;

/// <summary>The cluster it is to have credentials for.</summary>
internal sealed record ExecCluster
{
    public required string Server { get; init; }

    [JsonPropertyName("tls-server-name")]
    public string? TlsServerName { get; init; }

    [JsonPropertyName("insecure-skip-tls-verify")]
    public bool InsecureSkipTlsVerify { get; init; }

    [JsonPropertyName("certificate-authority-data")]
    public byte[]? CertificateAuthorityData { get; init; }

    [JsonPropertyName("proxy-url")]
    public string? ProxyUrl { get; init; }
}
