using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Peili.NodeAgent.Security;

/// <summary>Mutual TLS 1.3 between peers, both ways under the same rules: chain and identity count, the address does not.</summary>
internal sealed class MutualTls(CredentialsSource credentials, Refusals refusals, TimeProvider time)
{
    /// <summary>How this agent accepts a peer. Asked at every handshake, so that new certificates count at once.</summary>
    public SslServerAuthenticationOptions ForServer(EndPoint? remote) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ServerCertificateContext = credentials.Current.Context,
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,

        // A resumed session would outlive the certificate it began with.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accepts(certificate, chain, remote?.ToString() ?? "a peer"),
    };

    /// <summary>How this agent connects to peers.</summary>
    public SslClientAuthenticationOptions ForClient() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.Current.Certificate,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accepts(certificate, chain, "the peer it connected to"),
    };

    private bool Accepts(X509Certificate? certificate, X509Chain? chain, string peer)
    {
        if (credentials.Current.Refuse(certificate, chain, time.GetUtcNow()) is not { } reason)
        {
            return true;
        }

        refusals.Report(reason, peer);
        return false;
    }
}
