namespace Peili.Kubernetes.Configuration;

/// <summary>What it answers.</summary>
internal sealed record ExecCredentialStatus
{
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKeyData { get; init; }
}
