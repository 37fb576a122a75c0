using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peili.Kubernetes.Configuration;

/// <summary>Decides whether a server's certificate is the cluster's. A file of authorities that changes is read again.</summary>
internal sealed class ServerTrust(Cluster cluster)
{
    private readonly Lock _lock = new();
    private (DateTime WrittenAt, X509Certificate2Collection Authorities)? _read;

    /// <summary>The authorities, PEM; null for the machine's own.</summary>
    /// <exception cref="KubeConfigException">Their file cannot be read.</exception>
    public static string? PemOf(Cluster cluster)
    {
        try
        {
            return cluster.CertificateAuthorityData ?? (cluster.CertificateAuthority is { } file ? File.ReadAllText(file) : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{cluster.CertificateAuthority}: the certificate authority cannot be read: {exception.Message}", exception);
        }
    }

    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (cluster.InsecureSkipTlsVerify)
        {
            return true;
        }

        if (certificate is not X509Certificate2 served || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        if (Authorities() is not { } authorities)
        {
            return errors == SslPolicyErrors.None;
        }

        using var ours = new X509Chain();
        ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        ours.ChainPolicy.CustomTrustStore.AddRange(authorities);
        ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        ours.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
        if (chain is not null)
        {
            ours.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        }

        return ours.Build(served);
    }

    /// <exception cref="KubeConfigException">They cannot be read.</exception>
    public X509Certificate2Collection? Authorities()
    {
        if (cluster is { CertificateAuthority: null, CertificateAuthorityData: null })
        {
            return null;
        }

        lock (_lock)
        {
            var writtenAt = cluster is { CertificateAuthorityData: null, CertificateAuthority: { } file } ? File.GetLastWriteTimeUtc(file) : default;
            if (_read?.WrittenAt != writtenAt)
            {
                var authorities = new X509Certificate2Collection();
                try
                {
                    authorities.ImportFromPem(PemOf(cluster));
                }
                catch (CryptographicException exception)
                {
                    throw new KubeConfigException($"the certificate authority is no PEM: {exception.Message}", exception);
                }

                _read = (writtenAt, authorities);
            }

            return _read!.Value.Authorities;
        }
    }
}
