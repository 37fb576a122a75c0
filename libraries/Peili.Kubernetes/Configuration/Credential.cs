using System.Security.Cryptography.X509Certificates;

namespace Peili.Kubernetes.Configuration;

/// <summary>What a caller proves itself with.</summary>
/// <param name="Authorization">The value of the header of this name; null for none.</param>
/// <param name="Certificate">The client certificate, with its key; null for none.</param>
public sealed record Credential(string? Authorization, X509Certificate2? Certificate)
{
    /// <summary>Nobody.</summary>
    public static Credential None { get; } = new(null, null);

    /// <summary>Says what it is made of; the secrets stay out of logs.</summary>
    public override string ToString() => (Authorization, Certificate) switch
    {
        (null, null) => "no credential",
        (null, _) => "a certificate",
        (_, null) => "an Authorization header",
        _ => "an Authorization header and a certificate",
    };
}
