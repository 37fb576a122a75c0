using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>containerd's certs.d: puts our host in front of each registry's others, and takes it out again.</summary>
/// <param name="path">The folder that containerd's <c>config_path</c> names.</param>
/// <param name="statePath">Where backups are kept.</param>
public sealed class HostsDirectory(string path, string statePath)
{
    /// <summary>The folder whose hosts.toml counts for every registry without a folder of its own.</summary>
    public const string Default = "_default";

    private const string FileName = "hosts.toml";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _backups = Path.Combine(statePath, "hosts");

    /// <summary>Writes our host table for each registry. A file that already is as it should be is not touched.</summary>
    /// <param name="registries">Registry hosts; with <see cref="Default"/> among them, every folder that exists is covered too, for it would hide the default.</param>
    /// <param name="entry">Our host.</param>
    /// <returns>The files that were changed.</returns>
    /// <exception cref="IOException">A file cannot be read or written; files before it are done, it and those after it are as they were.</exception>
    /// <exception cref="InvalidDataException">A hosts.toml is not UTF-8; the message names it.</exception>
    public IReadOnlyList<HostsChange> Configure(IReadOnlyCollection<string> registries, HostEntry entry)
    {
        Directory.CreateDirectory(path);
        RemoveLeftovers();
        var folders = registries.Contains(Default) ? registries.Concat(ExistingFolders()) : registries;
        return [.. folders.Distinct(StringComparer.Ordinal).Select(folder => Configure(folder, entry)).OfType<HostsChange>()];
    }

    /// <summary>Restores what <see cref="Configure(IReadOnlyCollection{string}, HostEntry)"/> found; of a file edited since, takes out our table alone.</summary>
    public IReadOnlyList<HostsChange> Cleanup()
    {
        if (!Directory.Exists(_backups))
        {
            return [];
        }

        return [.. Directory.GetDirectories(_backups).Order(StringComparer.Ordinal).Select(backup => Cleanup(Path.GetFileName(backup))).OfType<HostsChange>()];
    }

    private HostsChange? Configure(string folder, HostEntry entry)
    {
        var file = Path.Combine(path, folder, FileName);
        var backup = new HostsBackup(Path.Combine(_backups, folder));
        var current = Read(file);
        var text = current is { } existing ? Decode(file, existing.Bytes) : HostsFile.Create(folder, CertificatesIn(folder));
        var wanted = HostsFile.Encoding.GetBytes(HostsFile.With(text, entry));
        var mode = entry.Secret is null ? current?.Mode ?? Everyone : OwnerOnly;
        if (current is { } now && now.Mode == mode && now.Bytes.AsSpan().SequenceEqual(wanted) && backup.IsOurs(wanted))
        {
            return null;
        }

        if (current is not { } before || !backup.IsOurs(before.Bytes))
        {
            backup.Save(
                current is { } found ? (HostsFile.Encoding.GetBytes(HostsFile.Without(text)), found.Mode) : null,
                hadFolder: Directory.Exists(Path.GetDirectoryName(file)));
        }

        backup.SaveWritten(wanted);
        Write(file, wanted, mode);
        return new HostsChange(file, HostsAction.Written);
    }

    private HostsChange? Cleanup(string folder)
    {
        var file = Path.Combine(path, folder, FileName);
        var backup = new HostsBackup(Path.Combine(_backups, folder));
        var change = Read(file) is not { } current ? null
            : backup.IsOurs(current.Bytes) ? Restore(file, backup)
            : TakeOut(file, current);
        backup.Delete();
        return change;
    }

    private static HostsChange Restore(string file, HostsBackup backup)
    {
        if (backup.Original is { } found)
        {
            AtomicFile.Write(file, found.Bytes, found.Mode);
            return new HostsChange(file, HostsAction.Restored);
        }

        File.Delete(file);
        var folder = Path.GetDirectoryName(file)!;
        if (!backup.HadFolder && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }

        return new HostsChange(file, HostsAction.Removed);
    }

    private static HostsChange? TakeOut(string file, (byte[] Bytes, UnixFileMode Mode) current)
    {
        var text = Decode(file, current.Bytes);
        var without = HostsFile.Without(text);
        if (without == text)
        {
            return null;
        }

        AtomicFile.Write(file, HostsFile.Encoding.GetBytes(without), current.Mode);
        return new HostsChange(file, HostsAction.TakenOut);
    }

    private static string Decode(string file, byte[] bytes)
    {
        try
        {
            return HostsFile.Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{file} is not UTF-8: {exception.Message}", exception);
        }
    }

    private static (byte[] Bytes, UnixFileMode Mode)? Read(string file) =>
        File.Exists(file) ? (File.ReadAllBytes(file), File.GetUnixFileMode(file)) : null;

    private static void Write(string file, byte[] content, UnixFileMode mode)
    {
        if (Directory.Exists(Path.GetDirectoryName(file)))
        {
            AtomicFile.Write(file, content, mode);
        }
        else
        {
            AtomicFile.WriteInNewDirectory(file, content, mode);
        }
    }

    /// <summary>A registry on loopback is another one on each node, and none of ours.</summary>
    public static bool IsLoopback(string folder) =>
        folder.StartsWith("localhost", StringComparison.Ordinal) || folder.StartsWith("127.", StringComparison.Ordinal) || folder.StartsWith("[::1]", StringComparison.Ordinal);

    private IEnumerable<string> ExistingFolders() =>
        Directory.GetDirectories(path).Select(folder => Path.GetFileName(folder)).Where(folder => !folder.StartsWith('.') && !IsLoopback(folder));

    private string[] CertificatesIn(string folder) => Directory.Exists(Path.Combine(path, folder))
        ? [.. Directory.GetFiles(Path.Combine(path, folder)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
        : [];

    private void RemoveLeftovers()
    {
        foreach (var leftover in Directory.GetDirectories(path, AtomicFile.TemporaryPrefix + "*"))
        {
            Directory.Delete(leftover, recursive: true);
        }

        foreach (var leftover in Directory.GetDirectories(path).SelectMany(folder => Directory.GetFiles(folder, AtomicFile.TemporaryPrefix + "*")))
        {
            File.Delete(leftover);
        }
    }
}
