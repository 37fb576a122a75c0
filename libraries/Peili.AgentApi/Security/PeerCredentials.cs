using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peili.AgentApi.Security;

/// <summary>What a process of the installation shows to others, and under which authorities it believes them. Immutable; a rotation makes another one.</summary>
public sealed class PeerCredentials
{
    private readonly X509Certificate2Collection _authorities;

    private PeerCredentials(X509Certificate2 certificate, X509Certificate2Collection authorities, SslStreamCertificateContext context)
    {
        Certificate = certificate;
        _authorities = authorities;
        Context = context;
    }

    /// <summary>Its certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>When it expires, UTC.</summary>
    public DateTime ValidUntil => Certificate.NotAfter.ToUniversalTime();

    /// <summary>Its SHA-256, in hexadecimal.</summary>
    public string Fingerprint => Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>The SHA-256 of the authorities' certificates, in hexadecimal.</summary>
    public IEnumerable<string> AuthorityFingerprints => _authorities.Select(authority => authority.GetCertHashString(HashAlgorithmName.SHA256));

    /// <summary>The same, ready for handshakes.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads PEM texts.</summary>
    /// <param name="authorities">One CA certificate or more: during a rotation the old and the new one.</param>
    /// <param name="certificate">The agent's certificate, intermediate ones after it.</param>
    /// <param name="key">Its private key.</param>
    /// <exception cref="CryptographicException">A text is not PEM, or the key is not the certificate's.</exception>
    public static PeerCredentials Parse(string authorities, string certificate, string key)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(authorities);
        if (trusted.Count == 0)
        {
            throw new CryptographicException("no CERTIFICATE block in the CA file");
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        var own = X509Certificate2.CreateFromPem(certificate, key);
        return new PeerCredentials(own, trusted, SslStreamCertificateContext.Create(own, chain, offline: true));
    }

    /// <summary>Checks a peer's certificate: chain and time, then identity, whatever address it comes from.</summary>
    /// <returns>Null when the peer is to be believed.</returns>
    public RefusalReason? Refuse(X509Certificate? presented, X509Chain? sent, DateTimeOffset now)
    {
        if (presented is null)
        {
            return RefusalReason.NoCertificate;
        }

        // One authority at a time: the old and the new one of a rotation may have the same name, and the chain engine takes one of them by that.
        using var certificate = X509CertificateLoader.LoadCertificate(presented.GetRawCertData());
        var refused = RefusalReason.UnknownAuthority;
        foreach (var authority in _authorities)
        {
            switch (RefuseUnder(authority, certificate, sent, now))
            {
                case null:
                    return PeerIdentity.RoleOf(certificate) is null ? RefusalReason.UnknownIdentity : null;
                case not RefusalReason.UnknownAuthority and var reason:
                    refused = reason.Value;
                    break;
            }
        }

        return refused;
    }

    private static RefusalReason? RefuseUnder(X509Certificate2 authority, X509Certificate2 certificate, X509Chain? sent, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (sent is not null)
        {
            foreach (var element in sent.ChainElements)
            {
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }

        return chain.Build(certificate)
            ? null
            : ReasonOf(chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status));
    }

    private static RefusalReason ReasonOf(X509ChainStatusFlags flags) => flags switch
    {
        _ when flags.HasFlag(X509ChainStatusFlags.PartialChain) || flags.HasFlag(X509ChainStatusFlags.UntrustedRoot) => RefusalReason.UnknownAuthority,

        // Another CA that has the same name as ours.
        _ when flags.HasFlag(X509ChainStatusFlags.NotSignatureValid) => RefusalReason.UnknownAuthority,
        _ when flags.HasFlag(X509ChainStatusFlags.NotTimeValid) => RefusalReason.NotTimeValid,
        _ => RefusalReason.Invalid,
    };
}
