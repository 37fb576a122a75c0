using System.Text;
using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>A certs.d and a state path of a test's own.</summary>
internal sealed class CertsDirectory : IDisposable
{
    public static readonly HostEntry Entry = new("http://127.0.0.1:29950") { DialTimeout = "1s" };
    public static readonly HostEntry SecretEntry = Entry with { Secret = "c2VjcmV0" };

    private const UnixFileMode Usual = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peili-hosts-");

    public CertsDirectory() => Directory.CreateDirectory(Path);

    public string Path => System.IO.Path.Combine(_root.FullName, "certs.d");

    public string StatePath => System.IO.Path.Combine(_root.FullName, "state");

    public IReadOnlyList<HostsChange> Configure(HostEntry? entry = null, params string[] registries) =>
        Configure(new HostsSettings { Registries = registries.Length > 0 ? registries : [HostsDirectory.Default], Hosts = [entry ?? Entry] });

    public IReadOnlyList<HostsChange> Configure(HostsSettings settings) => Open().Configure(settings);

    public HostsEdits Plan(HostsSettings settings) => Open().Plan(settings);

    public IReadOnlyList<HostsChange> Cleanup() => Open().Cleanup();

    public HostsDirectory Open(FileOperations? files = null) => new(Path, StatePath, HostRoot.Own, files ?? new UnflushedFiles());

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Read(string name) => System.IO.File.ReadAllText(File(name));

    public void Write(string name, string content, UnixFileMode mode = Usual) => Write(name, Encoding.UTF8.GetBytes(content), mode);

    public void Write(string name, byte[] content, UnixFileMode mode = Usual)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllBytes(File(name), content);
        System.IO.File.SetUnixFileMode(File(name), mode);
    }

    /// <summary>Everything there is, folders too: kind, mode and content of each path.</summary>
    public SortedDictionary<string, string> Snapshot()
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in !Directory.Exists(Path) ? [] : new DirectoryInfo(Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            entries.Add(System.IO.Path.GetRelativePath(Path, entry.FullName), Describe(entry));
        }

        return entries;
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string Describe(FileSystemInfo entry) => entry switch
    {
        { LinkTarget: { } target } => $"link to {target}",
        DirectoryInfo => "folder",
        _ => $"{entry.UnixFileMode} {Convert.ToHexString(System.IO.File.ReadAllBytes(entry.FullName))}",
    };
}
