using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peili.Kubernetes.Configuration;

/// <summary>Decides whether a server's certificate is the cluster's. A file of authorities that changes is read again.</summary>
internal sealed class ServerTrust(Cluster cluster)
{
    private readonly Lock _lock = new();
    private (string Pem, X509Certificate2Collection Authorities)? _read;

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
        // Read for every handshake: the time of a file in a pod tells nothing, for it is a link whose target is exchanged two folders further.
        if (PemOf(cluster) is not { } pem)
        {
            return null;
        }

        lock (_lock)
        {
            if (_read?.Pem != pem)
            {
                var authorities = new X509Certificate2Collection();
                try
                {
                    authorities.ImportFromPem(pem);
                }
                catch (CryptographicException exception)
                {
                    throw new KubeConfigException($"the certificate authority is no PEM: {exception.Message}", exception);
                }

                _read = (pem, authorities);
            }

            return _read.Value.Authorities;
        }
    }
}
