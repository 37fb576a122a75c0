using System.Security.Cryptography;
using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>What a file was before we came and what we made of it, in a folder under the state path, never beside the file.</summary>
/// <param name="directory">The folder, of this file alone.</param>
/// <param name="files">The disk.</param>
internal sealed class FileBackup(string directory, FileOperations files)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _original = Path.Combine(directory, "original.toml");
    private readonly string _folder = Path.Combine(directory, "folder");
    private readonly string _written = Path.Combine(directory, "written");

    public bool Exists => File.Exists(_written);

    /// <summary>The file's bytes and mode before we came; null when there was none.</summary>
    public FileContent? Original => FileContent.Read(_original);

    /// <summary>True when the file's folder was there before us, if only empty: in certs.d that hides the default.</summary>
    public bool HadFolder => File.Exists(_folder);

    /// <summary>What <see cref="SaveWritten"/> was told of what we wrote.</summary>
    public IReadOnlyList<string> Notes => [.. Lines().Skip(2)];

    /// <summary>True when this is what we wrote last, or before a write that never came: nobody else has edited it since.</summary>
    public bool IsOurs(ReadOnlySpan<byte> current) => Lines().Take(2).Contains(Fingerprint(current), StringComparer.Ordinal);

    /// <summary>Remembers the original, and whether its folder was there. Comes before the write it is a backup for.</summary>
    public void Save(FileContent? original, bool hadFolder)
    {
        files.CreateDirectory(directory);
        if (hadFolder)
        {
            AtomicFile.Write(files, _folder, [], OwnerOnly);
        }
        else
        {
            files.Delete(_folder);
        }

        if (original is not null)
        {
            AtomicFile.Write(files, _original, original.Bytes, original.Mode);
        }
        else
        {
            files.Delete(_original);
        }
    }

    /// <summary>Remembers what is about to be written, and what is there until it is.</summary>
    /// <param name="current">What is there, if it is ours.</param>
    /// <param name="content">What is about to be written.</param>
    /// <param name="notes">What else to remember of it, a line each.</param>
    public void SaveWritten(ReadOnlySpan<byte> current, ReadOnlySpan<byte> content, IEnumerable<string> notes) =>
        AtomicFile.Write(files, _written, Encoding.UTF8.GetBytes(string.Join('\n', [Fingerprint(current), Fingerprint(content), .. notes])), OwnerOnly);

    /// <summary>Forgets everything: the file is as it was.</summary>
    public void Delete() => AtomicFile.DeleteDirectory(files, directory);

    private string[] Lines() => Exists ? File.ReadAllText(_written).Split('\n') : [];

    private static string Fingerprint(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
