using System.Security.Cryptography;

namespace Peili.LocalCluster.Security;

/// <summary>The files of --tls-ca, --tls-cert, --tls-key and --cluster-key-file, which agents watch.</summary>
public sealed class SecurityFiles
{
    private readonly string _directory;

    /// <summary>Makes the folder and, in it, what an installation begins with.</summary>
    /// <param name="directory">Where the files go.</param>
    /// <param name="authority">Who issues the certificate.</param>
    public SecurityFiles(string directory, CertificateAuthority authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        _directory = directory;
        Directory.CreateDirectory(directory);
        WriteAuthorities(authority.Pem);
        WriteCertificate(authority.Issue());
        WriteKeys(NewKey());
    }

    /// <summary>The arguments of serve that name the files.</summary>
    public IReadOnlyList<string> Arguments =>
        ["--tls-ca", PathOf("ca.crt"), "--tls-cert", PathOf("tls.crt"), "--tls-key", PathOf("tls.key"), "--cluster-key-file", PathOf("keys")];

    /// <summary>A key of the overlay, in base64.</summary>
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Replaces the overlay's keys: the first seals, each opens.</summary>
    public void WriteKeys(params ReadOnlySpan<string> keys) => Write("keys", string.Join('\n', keys) + "\n");

    /// <summary>Replaces what peers are believed under.</summary>
    public void WriteAuthorities(params ReadOnlySpan<string> authorities) => Write("ca.crt", string.Concat(authorities));

    /// <summary>Replaces the agents' certificate and its key.</summary>
    public void WriteCertificate((string Certificate, string Key) issued)
    {
        Write("tls.key", issued.Key);
        Write("tls.crt", issued.Certificate);
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private void Write(string name, string text)
    {
        File.WriteAllText(PathOf(name) + ".new", text);
        File.Move(PathOf(name) + ".new", PathOf(name), overwrite: true);
    }
}
