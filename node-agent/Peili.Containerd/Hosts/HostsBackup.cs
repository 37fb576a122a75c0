using System.Security.Cryptography;
using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>What a registry's hosts.toml was before we came and what we made of it, under the state path, never inside certs.d.</summary>
/// <param name="directory"><c>&lt;state&gt;/hosts/&lt;registry&gt;</c>.</param>
internal sealed class HostsBackup(string directory)
{
    private readonly string _original = Path.Combine(directory, "original.toml");
    private readonly string _folder = Path.Combine(directory, "folder");
    private readonly string _written = Path.Combine(directory, "written.sha256");

    public bool Exists => File.Exists(_written);

    /// <summary>The file's bytes and mode before we came; null when there was none.</summary>
    public (byte[] Bytes, UnixFileMode Mode)? Original =>
        File.Exists(_original) ? (File.ReadAllBytes(_original), File.GetUnixFileMode(_original)) : null;

    /// <summary>True when the registry's folder was there before us, if only empty: that hides the default.</summary>
    public bool HadFolder => File.Exists(_folder);

    /// <summary>True when <paramref name="current"/> is what we wrote last: nobody has edited it since.</summary>
    public bool IsOurs(ReadOnlySpan<byte> current) => Exists && File.ReadAllText(_written) == Fingerprint(current);

    /// <summary>Remembers the original, and whether its folder was there. Comes before the write it is a backup for.</summary>
    public void Save((byte[] Bytes, UnixFileMode Mode)? original, bool hadFolder)
    {
        Directory.CreateDirectory(directory);
        if (hadFolder)
        {
            AtomicFile.Write(_folder, [], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        else
        {
            File.Delete(_folder);
        }

        if (original is { } file)
        {
            AtomicFile.Write(_original, file.Bytes, file.Mode);
        }
        else
        {
            File.Delete(_original);
        }
    }

    /// <summary>Remembers what is about to be written.</summary>
    public void SaveWritten(ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(directory);
        AtomicFile.Write(_written, Encoding.ASCII.GetBytes(Fingerprint(content)), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Forgets everything: certs.d is as it was.</summary>
    public void Delete() => Directory.Delete(directory, recursive: true);

    private static string Fingerprint(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
