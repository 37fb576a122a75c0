using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peili.LocalCluster.Security;

/// <summary>A certificate authority made on the spot, as the operator makes one for an installation.</summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The URI SAN of agents.</summary>
    public const string AgentIdentity = "spiffe://peili.dev/agent";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    /// <summary>Makes one that is valid for ten years.</summary>
    public CertificateAuthority()
    {
        var request = new CertificateRequest("CN=peili test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = DateTimeOffset.UtcNow;
        _certificate = request.CreateSelfSigned(now.AddDays(-400), now.AddYears(10));
    }

    /// <summary>Its certificate, PEM.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>Issues a certificate.</summary>
    /// <param name="identity">The URI SAN; null for a certificate without one.</param>
    /// <param name="validUntil">When it expires; a year from now when not said.</param>
    /// <param name="address">Another SAN; null for none.</param>
    /// <returns>Certificate and key, PEM both.</returns>
    public (string Certificate, string Key) Issue(string? identity = AgentIdentity, DateTimeOffset? validUntil = null, IPAddress? address = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=peili agent", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        if (identity is not null)
        {
            names.AddUri(new Uri(identity));
        }

        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        if (identity is not null || address is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        var now = DateTimeOffset.UtcNow;
        using var certificate = request.Create(
            _certificate, now.AddDays(-300), validUntil ?? now.AddYears(1), RandomNumberGenerator.GetBytes(16));
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
