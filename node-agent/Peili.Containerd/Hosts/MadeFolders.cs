using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>The folders we made for our files, so that they go with them.</summary>
/// <param name="statePath">Where they are remembered.</param>
/// <param name="root">The host, whose paths are remembered.</param>
/// <param name="files">The disk.</param>
internal sealed class MadeFolders(string statePath, HostRoot root, FileOperations files)
{
    private readonly string _list = Path.Combine(statePath, ".folders");

    /// <summary>Makes a folder, and those above it.</summary>
    public void Make(string path)
    {
        var missing = new List<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Insert(0, root.HostPath(folder));
        }

        if (missing.Count > 0)
        {
            var known = Read();
            files.CreateDirectory(statePath);
            AtomicFile.Write(
                files, _list, Encoding.UTF8.GetBytes(string.Join('\n', known.Union(missing, StringComparer.Ordinal))), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            files.CreateDirectory(path);
        }
    }

    /// <summary>Deletes those that are empty by now.</summary>
    public void Delete()
    {
        foreach (var folder in Read().Reverse().Select(root.At).Where(folder => Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            files.DeleteDirectory(folder);
        }

        files.Delete(_list);
    }

    private string[] Read() => File.Exists(_list) ? File.ReadAllLines(_list) : [];
}
