using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peili.Operator.Installation;

/// <summary>The installation's certificate authority: certificate and key, PEM both.</summary>
internal sealed record Authority(string Certificate, string Key)
{
    private static readonly TimeSpan s_validity = TimeSpan.FromDays(3650);

    /// <summary>How long what it issues is valid.</summary>
    public static TimeSpan LeafValidity { get; } = TimeSpan.FromDays(365);

    /// <summary>Makes one. No two have the same name, which would confuse who believes both.</summary>
    public static Authority Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=peili {RandomNumberGenerator.GetHexString(16, lowercase: true)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromHours(1), now + s_validity);
        return new Authority(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>The DNS name of a certificate, for clients that check one, such as Prometheus; peers check the identity.</summary>
    public static string NameOf(string identity) => $"peili-{identity[(identity.LastIndexOf('/') + 1)..]}";

    /// <summary>Issues a certificate for both ends of a connection.</summary>
    /// <param name="identity">Its URI SAN.</param>
    /// <param name="now">The clock.</param>
    /// <returns>Certificate and key, PEM both.</returns>
    public (string Certificate, string Key) Issue(string identity, DateTimeOffset now)
    {
        using var issuer = X509Certificate2.CreateFromPem(Certificate, Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={NameOf(identity)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity));
        names.AddDnsName(NameOf(identity));
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(issuer, now - TimeSpan.FromHours(1), now + LeafValidity, RandomNumberGenerator.GetBytes(16));
        return (issued.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Whether it issued this certificate, as it would now, and a third of its time is left.</summary>
    public bool IsFresh(string? leaf, string identity, DateTimeOffset now)
    {
        if (leaf is null)
        {
            return false;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(leaf);
            using var issuer = X509Certificate2.CreateFromPem(Certificate);
            return certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData) && certificate.NotAfter.ToUniversalTime() - now.UtcDateTime > LeafValidity / 3
                && certificate.MatchesHostname(NameOf(identity), allowCommonName: false);
        }
        catch (CryptographicException)
        {
            // Somebody wrote something else there: it is replaced.
            return false;
        }
    }
}
