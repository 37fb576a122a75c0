using System.Text;
using Peili.Toml;

namespace Peili.Containerd.Hosts;

/// <summary>The drop-in that makes k0s' containerd read certs.d, <c>/etc/k0s/containerd.d/cri-registry.toml</c>.</summary>
/// <param name="root">The host.</param>
/// <param name="statePath">Where its backup is kept.</param>
public sealed class K0sDropIn(HostRoot root, string statePath)
{
    /// <summary>k0s' drop-ins. It watches this folder alone, not those in it, and reads <c>*.toml</c>.</summary>
    public const string Folder = "/etc/k0s/containerd.d";

    /// <summary>containerd's configuration, which k0s writes at each start while its first line says so.</summary>
    public const string MainFile = "/etc/k0s/containerd.toml";

    /// <summary>The certs.d that a drop-in of ours names.</summary>
    public const string HostsFolder = $"{Folder}/certs.d";

    private const string Managed = "# k0s_managed=true";
    private const string FileName = "cri-registry.toml";
    private const string Version2Plugin = "io.containerd.grpc.v1.cri";
    private const string Version3Plugin = "io.containerd.cri.v1.images";
    private const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _file = Path.Combine(root.At(Folder), FileName);
    private readonly string _state = root.At(Path.Combine(statePath, "k0s"));
    private readonly FileOperations _files = FileOperations.Real;

    internal K0sDropIn(HostRoot root, string statePath, FileOperations files)
        : this(root, statePath) => _files = files;

    private FileBackup Backup => new(Path.Combine(_state, "drop-in"), _files);

    private MadeFolders Made => new(_state, root, _files);

    /// <summary>The certs.d that the host's configuration names already; null when it names none, or only through us.</summary>
    /// <exception cref="InvalidDataException">A file is not TOML, or names mirrors that exclude a certs.d; the message says which and where.</exception>
    public string? FindHostsFolder()
    {
        string? found = null;
        foreach (var file in ConfigurationFiles().Where(file => file != _file || FileContent.Read(_file) is { } ours && !Backup.IsOurs(ours.Bytes)))
        {
            foreach (var registry in Registries(Parse(file)))
            {
                if (registry.TryGetValue("mirrors", out var mirrors) && mirrors is TomlTable { Count: > 0 })
                {
                    throw new InvalidDataException(
                        $"{file}:{mirrors.Position.Line}:{mirrors.Position.Column}: registry.mirrors and config_path exclude each other, containerd would not load its CRI plugin; name these mirrors with --mirror and delete them there");
                }

                found = registry.TryGetValue("config_path", out var path) && path is TomlScalar { Value: string { Length: > 0 } text } ? text : found;
            }
        }

        // Of a list each folder is asked in turn, and the first that has a registry counts.
        return found?.Split(':')[0];
    }

    /// <summary>The edit of the drop-in; null when it is as it should be.</summary>
    /// <param name="version">The version of containerd's configuration: 2 for containerd 1, 3 for containerd 2.</param>
    /// <exception cref="InvalidDataException">The file cannot be edited, or would not be read; the message says why.</exception>
    public HostsEdit? Plan(int version)
    {
        RefuseUnread();
        var current = FileContent.Read(_file);
        var isOurs = current is not null && Backup.IsOurs(current.Bytes);
        var original = isOurs ? Backup.Original : current;
        var after = original is null ? Create(version) : WithHostsFolder(original.Text(_file), version);
        var wanted = new FileContent(Encoding.UTF8.GetBytes(after), original?.Mode ?? Everyone);
        return isOurs && current!.Bytes.AsSpan().SequenceEqual(wanted.Bytes)
            ? null
            : new HostsEdit(new FileEdit(_file, current, original, wanted, Backup, []), current?.Text(_file), after);
    }

    /// <summary>Writes it. Comes after the files in certs.d, so that containerd finds them there when k0s starts it again.</summary>
    public HostsChange Apply(HostsEdit edit)
    {
        Made.Make(Path.GetDirectoryName(_file)!);
        RemoveLeftovers();
        return EditedFile.Apply(_files, edit.File);
    }

    /// <summary>Puts back what <see cref="Apply"/> found; of a file edited since, takes out our folder alone. Null when there is nothing to do.</summary>
    public HostsChange? Cleanup()
    {
        RemoveLeftovers();
        var backup = Backup;
        var change = !backup.Exists || FileContent.Read(_file) is not { } current ? null
            : backup.IsOurs(current.Bytes) ? EditedFile.Restore(_files, _file, backup)
            : TakeOut(current);
        if (Directory.Exists(Path.Combine(_state, "drop-in")))
        {
            backup.Delete();
        }

        Made.Delete();
        return change;
    }

    private void RemoveLeftovers()
    {
        foreach (var folder in new[] { Path.GetDirectoryName(_file)!, _state }.Where(Directory.Exists))
        {
            EditedFile.RemoveLeftovers(_files, folder);
        }
    }

    private HostsChange? TakeOut(FileContent current)
    {
        var document = Parse(_file);
        var removed = false;
        foreach (var plugin in new[] { Version2Plugin, Version3Plugin })
        {
            var path = new TomlStep[] { "plugins", plugin, "registry", "config_path" };
            removed |= document.Find(path) is TomlScalar { Value: HostsFolder } && document.Remove(path);
        }

        if (!removed)
        {
            return null;
        }

        AtomicFile.Write(_files, _file, document.ToUtf8(), current.Mode);
        return new HostsChange(_file, HostsAction.TakenOut);
    }

    private IEnumerable<string> ConfigurationFiles()
    {
        var main = root.At(MainFile);
        var folder = root.At(Folder);
        string[] dropIns = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.toml") : [];
        return [.. File.Exists(main) ? [main] : (string[])[], .. dropIns.Order(StringComparer.Ordinal)];
    }

    /// <summary>A configuration of the administrator's own reads no drop-in unless it says so.</summary>
    private void RefuseUnread()
    {
        var main = root.At(MainFile);
        if (FileContent.Read(main)?.Text(main) is { } text && !text.StartsWith(Managed, StringComparison.Ordinal)
            && !(Parse(main).Find("imports") is TomlArray imports && imports.Any(item => item is TomlScalar { Value: string path } && path.StartsWith(Folder, StringComparison.Ordinal))))
        {
            throw new InvalidDataException(
                $"{main} is not k0s' own and imports nothing of {Folder}; set config_path in it yourself, and give that folder as --hosts-dir");
        }
    }

    private static string PluginOf(int version) => version < 3 ? Version2Plugin : Version3Plugin;

    private static string Create(int version) =>
        $"""
         # Written by peili-agent; `peili-agent cleanup` takes it away again.
         version = {version}

         [plugins."{PluginOf(version)}".registry]
           config_path = "{HostsFolder}"

         """;

    private string WithHostsFolder(string text, int version)
    {
        var document = Parse(_file);
        if (document.Find("version") is TomlScalar { Value: long other } value && other != version)
        {
            throw new InvalidDataException($"{_file}:{value.Position.Line}:{value.Position.Column}: is of version {other}, but this host's containerd wants {version}; change it, or give --containerd-version");
        }

        document = TomlDocument.Parse(text);
        document.Set(["plugins", PluginOf(version), "registry", "config_path"], HostsFolder);
        return document.ToString();
    }

    private static IEnumerable<TomlTable> Registries(TomlDocument document) =>
        new[] { Version2Plugin, Version3Plugin }.Select(plugin => document.Find("plugins", plugin, "registry")).OfType<TomlTable>();

    private static TomlDocument Parse(string file)
    {
        try
        {
            return TomlDocument.Parse(FileContent.Read(file)!.Bytes, file);
        }
        catch (TomlException exception)
        {
            throw TomlFault.In(file, exception);
        }
    }
}
