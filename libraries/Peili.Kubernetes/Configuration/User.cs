namespace Peili.Kubernetes.Configuration;

/// <summary>A user of a kubeconfig: how the caller proves who it is, and as whom it acts.</summary>
public sealed record User
{
    /// <summary>A file of the client certificate, PEM.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The client certificate, PEM; it counts before the file.</summary>
    public string? ClientCertificateData { get; init; }

    /// <summary>A file of its key, PEM.</summary>
    public string? ClientKey { get; init; }

    /// <summary>Its key, PEM; it counts before the file.</summary>
    public string? ClientKeyData { get; init; }

    /// <summary>A bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>A file of a bearer token, read again each minute; it counts before the token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The name of basic authentication.</summary>
    public string? Username { get; init; }

    /// <summary>The password of basic authentication.</summary>
    public string? Password { get; init; }

    /// <summary>As whom the caller acts.</summary>
    public Impersonation? Impersonation { get; init; }

    /// <summary>The program that knows the credentials.</summary>
    public ExecConfig? Exec { get; init; }
}
