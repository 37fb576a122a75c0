using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>containerd's certs.d: puts our hosts in front of each registry's others, and takes them out again.</summary>
public sealed class HostsDirectory
{
    /// <summary>The folder whose hosts.toml counts for every registry without a folder of its own.</summary>
    public const string Default = "_default";

    private const string FileName = "hosts.toml";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _hostPath;
    private readonly string _path;
    private readonly string _state;
    private readonly string _backups;
    private readonly FileOperations _files;
    private readonly MadeFolders _made;
    private readonly AuthorityFiles _authorities;

    /// <summary>Makes one; nothing is read or written yet.</summary>
    /// <param name="path">The folder that containerd's <c>config_path</c> names.</param>
    /// <param name="statePath">Where backups are kept, and the files of CAs that were given as a text.</param>
    /// <param name="root">The host that both are paths of; null for this process' own.</param>
    public HostsDirectory(string path, string statePath, HostRoot? root = null)
        : this(path, statePath, root ?? HostRoot.Own, FileOperations.Real)
    {
    }

    internal HostsDirectory(string path, string statePath, HostRoot root, FileOperations files)
    {
        _hostPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _path = root.At(_hostPath);
        _state = root.At(Path.GetFullPath(statePath));
        _backups = Path.Combine(_state, "hosts");
        _files = files;
        _made = new MadeFolders(_backups, root, files);
        _authorities = new AuthorityFiles(Path.GetFullPath(statePath), root, files);
    }

    /// <summary>The folder that <see cref="Configure"/> wrote to last with this state path, as the host names it; null when it never did, or all is put back.</summary>
    public static string? Recorded(string statePath) => RecordOf(statePath) is var record && File.Exists(record) ? File.ReadAllText(record) : null;

    /// <summary>A registry on loopback is another one on each node, and none of ours.</summary>
    public static bool IsLoopback(string folder) =>
        folder.StartsWith("localhost", StringComparison.Ordinal) || folder.StartsWith("127.", StringComparison.Ordinal) || folder.StartsWith("[::1]", StringComparison.Ordinal);

    /// <summary>What <see cref="Configure"/> would write. Nothing is changed.</summary>
    /// <param name="settings">What is to stand there.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A hosts.toml is not UTF-8, not TOML, or written such that our hosts cannot be put first; the message names file, line and column.</exception>
    public HostsEdits Plan(HostsSettings settings)
    {
        RefuseOtherFolder();
        settings = settings with { Hosts = [.. settings.Hosts.Select(_authorities.Name)] };
        var registries = settings.Registries.Concat(settings.Hosts.SelectMany(host => host.Registries)).Concat(settings.Servers.Keys).Select(FolderOf);
        var folders = settings.Registries.Contains(Default) ? registries.Concat(ExistingFolders()) : registries;
        var warnings = new List<string>();
        var edits = folders.Distinct(StringComparer.Ordinal).Select(folder => HostsPlanner.Plan(Existing(folder), settings, warnings)).OfType<HostsEdit>();
        return new HostsEdits(_authorities.Missing(settings.Hosts), [.. edits], warnings);
    }

    /// <summary>Writes our hosts for each registry. A file that already is as it should be is not touched. Nothing is written unless every file can be.</summary>
    /// <param name="settings">What is to stand there.</param>
    /// <returns>The files that were changed.</returns>
    /// <exception cref="IOException">A file cannot be read or written; files before it are done, it and those after it are as they were.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Plan"/>.</exception>
    public IReadOnlyList<HostsChange> Configure(HostsSettings settings) => Apply(Plan(settings));

    /// <summary>Writes what <see cref="Plan"/> said.</summary>
    /// <param name="edits">What it said.</param>
    /// <param name="progress">Is told after each file how many of how many are done.</param>
    /// <returns>The files that were changed.</returns>
    /// <exception cref="IOException">A file cannot be written; files before it are done, it and those after it are as they were.</exception>
    public IReadOnlyList<HostsChange> Apply(HostsEdits edits, Action<int, int>? progress = null)
    {
        RemoveLeftovers();
        if (edits.Files.Count + edits.Authorities.Count == 0)
        {
            return [];
        }

        if (Recorded(_state) is null)
        {
            _files.CreateDirectory(_backups);
            AtomicFile.Write(_files, RecordOf(_state), Encoding.UTF8.GetBytes(_hostPath), OwnerOnly);
        }

        _made.Make(_path);
        return [.. edits.Authorities.Select(_authorities.Write), .. edits.Files.Select((edit, index) => Counted(EditedFile.Apply(_files, edit.File), index, edits.Files.Count, progress))];
    }

    /// <summary>Restores what <see cref="Configure"/> found; of a file edited since, takes out what is ours alone.</summary>
    /// <param name="progress">Is told after each file how many of how many are done.</param>
    /// <exception cref="InvalidDataException">The backups are those of another folder.</exception>
    public IReadOnlyList<HostsChange> Cleanup(Action<int, int>? progress = null)
    {
        RefuseOtherFolder();
        RemoveLeftovers();
        string[] folders = Directory.Exists(_backups) ? [.. Directory.GetDirectories(_backups).Select(backup => Path.GetFileName(backup)).Order(StringComparer.Ordinal)] : [];
        var changes = folders.Select((folder, index) => Counted(Cleanup(folder), index, folders.Length, progress)).OfType<HostsChange>().ToArray();
        _made.Delete();
        if (changes.Any(change => change.Action == HostsAction.Left))
        {
            return changes;
        }

        var authorities = _authorities.Delete();
        _files.Delete(RecordOf(_state));
        return [.. changes, .. authorities];
    }

    private static T Counted<T>(T done, int index, int total, Action<int, int>? progress)
    {
        progress?.Invoke(index + 1, total);
        return done;
    }

    private HostsChange? Cleanup(string folder)
    {
        var existing = Existing(folder);
        if (existing.Current is { } current && !existing.Backup.IsOurs(current.Bytes))
        {
            try
            {
                return TakeOut(existing, current);
            }
            catch (InvalidDataException exception)
            {
                return new HostsChange(existing.File, HostsAction.Left, exception.Message);
            }
        }

        EditedFile.DeleteEmptyFolder(_files, existing.File, existing.Backup);
        var change = existing.Current is null ? null : EditedFile.Restore(_files, existing.File, existing.Backup);
        existing.Backup.Delete();
        return change;
    }

    private HostsChange? TakeOut(ExistingHosts existing, FileContent current)
    {
        var text = current.Text(existing.File);
        var (without, remark) = existing.Strip(text);
        if (without != text)
        {
            AtomicFile.Write(_files, EditedFile.TargetOf(existing.File), HostsFile.Encoding.GetBytes(without), existing.OwnMode(current));
        }

        existing.Backup.Delete();
        return without == text ? null : new HostsChange(existing.File, HostsAction.TakenOut, remark);
    }

    private void RefuseOtherFolder()
    {
        if (Recorded(_state) is { } other && other != _hostPath)
        {
            throw new InvalidDataException($"{_state} holds the backups of {other}, not of {_hostPath}; put that back first: peili-agent cleanup --hosts-dir {other}");
        }
    }

    private static string RecordOf(string statePath) => Path.Combine(statePath, "hosts", ".directory");

    private ExistingHosts Existing(string folder)
    {
        var file = Path.Combine(_path, folder, FileName);
        return new ExistingHosts(folder, file, FileContent.Read(file), new FileBackup(Path.Combine(_backups, folder), _files));
    }

    /// <summary>containerd takes the first folder there is of <c>host_port_</c> and <c>host:port</c>.</summary>
    private string FolderOf(string registry) =>
        registry.LastIndexOf(':') is > 0 and var colon && $"{registry[..colon]}_{registry[(colon + 1)..]}_" is var folder && Directory.Exists(Path.Combine(_path, folder))
            ? folder
            : registry;

    private IEnumerable<string> ExistingFolders() => !Directory.Exists(_path) ? [] : Directory.GetDirectories(_path)
        .Select(folder => Path.GetFileName(folder)).Where(folder => !folder.StartsWith('.') && !IsLoopback(folder)).Order(StringComparer.Ordinal);

    private void RemoveLeftovers()
    {
        foreach (var folder in new[] { _path, _backups, _authorities.Folder }.Where(Directory.Exists).SelectMany(folder => Directory.GetDirectories(folder).Prepend(folder)).Where(Directory.Exists))
        {
            EditedFile.RemoveLeftovers(_files, folder);
        }
    }
}
