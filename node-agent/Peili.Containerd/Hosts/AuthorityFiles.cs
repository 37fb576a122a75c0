using System.Security.Cryptography;
using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>Files under the state path for CAs that were given as a text: hosts.toml can only name files.</summary>
/// <param name="statePath">The state path, as the host names it.</param>
/// <param name="root">The host.</param>
/// <param name="files">The disk.</param>
internal sealed class AuthorityFiles(string statePath, HostRoot root, FileOperations files)
{
    private const string FolderName = "mirrors";
    private const string Extension = ".pem";
    private const int NameLength = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where they are, for this process.</summary>
    public string Folder { get; } = root.At(Path.Combine(statePath, FolderName));

    /// <summary>A host that names its file.</summary>
    public HostEntry Name(HostEntry host) =>
        host.AuthorityText is { } text ? host with { Authorities = [.. host.Authorities, Path.Combine(statePath, FolderName, NameOf(text))] } : host;

    /// <summary>The files that are not there, or not as they should be.</summary>
    public IReadOnlyList<AuthorityFile> Missing(IEnumerable<HostEntry> hosts) =>
    [
        .. hosts.Select(host => host.AuthorityText).OfType<string>().Distinct(StringComparer.Ordinal)
            .Select(text => new AuthorityFile(Path.Combine(Folder, NameOf(text)), text)).Where(file => !IsThere(file)),
    ];

    /// <summary>Writes one.</summary>
    public HostsChange Write(AuthorityFile file)
    {
        files.CreateDirectory(Folder);
        AtomicFile.Write(files, file.Path, Encoding.UTF8.GetBytes(file.Text), OwnerOnly);
        return new HostsChange(file.Path, HostsAction.Written);
    }

    /// <summary>Deletes all that were ever written, and their folder unless somebody else put something there.</summary>
    public IReadOnlyList<HostsChange> Delete()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        string[] written = [.. Directory.GetFiles(Folder, "*" + Extension).Where(IsOurs).Order(StringComparer.Ordinal)];
        foreach (var file in written)
        {
            files.Delete(file);
        }

        if (!Directory.EnumerateFileSystemEntries(Folder).Any())
        {
            files.DeleteDirectory(Folder);
        }

        return [.. written.Select(file => new HostsChange(file, HostsAction.Removed))];
    }

    private static string NameOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..NameLength] + Extension;

    private static bool IsOurs(string file) => Path.GetFileNameWithoutExtension(file) is { Length: NameLength } name && name.All(char.IsAsciiHexDigitLower);

    private static bool IsThere(AuthorityFile file) =>
        FileContent.Read(file.Path) is { Mode: OwnerOnly } found && found.Bytes.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(file.Text));
}
