using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>The certificates, keys and tokens of one control plane, and the kubeconfig of its administrator.</summary>
internal sealed class ControlPlaneFiles
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly string _directory;

    public ControlPlaneFiles(string directory)
    {
        _directory = directory;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=peili test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

        Write("ca.crt", authority.ExportCertificatePem());
        Write("service-accounts.key", key.ExportRSAPrivateKeyPem());
        Issue("apiserver", "CN=kube-apiserver", authority, ServerAuthentication);
        Issue("admin", "CN=admin,O=system:masters", authority, ClientAuthentication);
        Write("tokens.csv", $"{Token},token-admin,token-admin,\"system:masters\"\n");
    }

    /// <summary>The token of a user of the group system:masters.</summary>
    public string Token { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public string KubeConfig => PathOf("kubeconfig");

    public string PathOf(string name) => Path.Combine(_directory, name);

    public void WriteKubeConfig(Uri server) =>
        Write(
            "kubeconfig",
            $"""
            apiVersion: v1
            kind: Config
            current-context: admin
            clusters:
            - name: local
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {Base64("ca.crt")}
            users:
            - name: admin
              user:
                client-certificate-data: {Base64("admin.crt")}
                client-key-data: {Base64("admin.key")}
            contexts:
            - name: admin
              context: {"{"}cluster: local, user: admin, namespace: default{"}"}

            """);

    private void Issue(string name, string subject, X509Certificate2 authority, string usage)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        if (usage == ServerAuthentication)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("kubernetes.default.svc");
            request.CertificateExtensions.Add(names.Build());
        }

        var now = DateTimeOffset.UtcNow;
        using var certificate = request.Create(authority, now.AddHours(-1), now.AddDays(30), RandomNumberGenerator.GetBytes(16));
        Write($"{name}.crt", certificate.ExportCertificatePem());
        Write($"{name}.key", key.ExportRSAPrivateKeyPem());
    }

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    private string Base64(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(PathOf(name))));
}
