using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>The certificates, keys and tokens of one control plane, and the kubeconfigs of those who talk to it.</summary>
internal sealed class ControlPlaneFiles : IDisposable
{
    private const string Administrator = "admin";

    private readonly string _directory;
    private readonly X509Certificate2 _authority;

    /// <summary>Makes the authority, the API server's certificate and the administrator's.</summary>
    /// <param name="directory">Where the files go; it exists.</param>
    /// <param name="addresses">The API server's, besides the loopback's.</param>
    public ControlPlaneFiles(string directory, params ReadOnlySpan<IPAddress> addresses)
    {
        _directory = directory;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=peili test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

        Write("ca.crt", _authority.ExportCertificatePem());
        Write("service-accounts.key", key.ExportRSAPrivateKeyPem());
        IssueServer(addresses);
        IssueClient(Administrator, "CN=admin,O=system:masters");
        Write("tokens.csv", $"{Token},token-admin,token-admin,\"system:masters\"\n");
    }

    /// <summary>The token of a user of the group system:masters.</summary>
    public string Token { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The administrator's kubeconfig.</summary>
    public string KubeConfig => KubeConfigOf(Administrator);

    /// <summary>The authority's certificate, PEM.</summary>
    public string CertificateAuthority => PathOf("ca.crt");

    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>The kubeconfig that was written for this name.</summary>
    public string KubeConfigOf(string name) => PathOf($"{name}.kubeconfig");

    public void WriteKubeConfig(Uri server) => WriteKubeConfig(Administrator, server);

    /// <summary>Issues a certificate to a component and writes its kubeconfig.</summary>
    /// <param name="name">What its files are called.</param>
    /// <param name="subject">Its user and groups: CN and O.</param>
    /// <param name="server">The API server as the component reaches it.</param>
    /// <returns>The kubeconfig.</returns>
    public string Admit(string name, string subject, Uri server)
    {
        IssueClient(name, subject);
        WriteKubeConfig(name, server);
        return KubeConfigOf(name);
    }

    /// <summary>The administrator's client, which trusts the authority alone. The caller disposes it.</summary>
    public HttpClient CreateClient(Uri server)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(PathOf($"{Administrator}.crt"), PathOf($"{Administrator}.key"));
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null)];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(CertificateAuthority) },
        };
        return new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    private void WriteKubeConfig(string name, Uri server) =>
        Write(
            $"{name}.kubeconfig",
            $"""
            apiVersion: v1
            kind: Config
            current-context: {name}
            clusters:
            - name: local
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {Base64("ca.crt")}
            users:
            - name: {name}
              user:
                client-certificate-data: {Base64($"{name}.crt")}
                client-key-data: {Base64($"{name}.key")}
            contexts:
            - name: {name}
              context: {"{"}cluster: local, user: {name}, namespace: default{"}"}

            """);

    private void IssueServer(ReadOnlySpan<IPAddress> addresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var address in (ReadOnlySpan<IPAddress>)[IPAddress.Loopback, ControlPlaneFlags.ServiceAddress, .. addresses])
        {
            names.AddIpAddress(address);
        }

        names.AddDnsName("kubernetes.default.svc");
        Issue("apiserver", "CN=kube-apiserver", "1.3.6.1.5.5.7.3.1", names.Build());
    }

    private void IssueClient(string name, string subject) => Issue(name, subject, "1.3.6.1.5.5.7.3.2");

    private void Issue(string name, string subject, string usage, params ReadOnlySpan<X509Extension> more)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        foreach (var extension in more)
        {
            request.CertificateExtensions.Add(extension);
        }

        var now = DateTimeOffset.UtcNow;
        using var certificate = request.Create(_authority, now.AddHours(-1), now.AddDays(30), RandomNumberGenerator.GetBytes(16));
        Write($"{name}.crt", certificate.ExportCertificatePem());
        Write($"{name}.key", key.ExportRSAPrivateKeyPem());
    }

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    private string Base64(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(PathOf(name))));
}
