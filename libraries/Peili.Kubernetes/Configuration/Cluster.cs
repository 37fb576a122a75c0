namespace Peili.Kubernetes.Configuration;

/// <summary>A cluster of a kubeconfig.</summary>
public sealed record Cluster
{
    /// <summary>The address of the API server.</summary>
    public required Uri Server { get; init; }

    /// <summary>The name that the server's certificate must have, and SNI; null for the address's own.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>A file of the authorities, PEM; null for those of the data, else of the machine.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>The authorities, PEM; it counts before the file.</summary>
    public string? CertificateAuthorityData { get; init; }

    /// <summary>The proxy (http, https, socks5); null for what the environment says.</summary>
    public Uri? ProxyUrl { get; init; }
}
