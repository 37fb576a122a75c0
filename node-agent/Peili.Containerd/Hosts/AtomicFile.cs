namespace Peili.Containerd.Hosts;

/// <summary>Files that are, at every moment and after a crash, the old or the new ones.</summary>
public static class AtomicFile
{
    /// <summary>Prefix of names nobody else looks at; a leftover of a crash is removed by the next write to its folder.</summary>
    internal const string TemporaryPrefix = ".peili-";

    /// <summary>Writes a temporary file beside <paramref name="path"/>, flushes it to disk, and renames it over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Its permissions, whatever the umask.</param>
    /// <exception cref="IOException">Disk full, read-only file system and the like; the old file is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode) => Write(FileOperations.Real, path, content, mode);

    internal static void Write(FileOperations files, string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var temporary = TemporaryIn(Path.GetDirectoryName(path)!);
        try
        {
            files.Write(temporary, content, mode);
            files.Rename(temporary, path);
        }
        catch
        {
            files.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes a folder appear together with its one file, so that it never stands there empty.</summary>
    internal static void WriteInNewDirectory(FileOperations files, string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var directory = Path.GetDirectoryName(path)!;
        var temporary = TemporaryIn(Path.GetDirectoryName(directory)!);
        files.CreateDirectory(temporary);
        try
        {
            files.Write(Path.Combine(temporary, Path.GetFileName(path)), content, mode);
            files.RenameDirectory(temporary, directory);
        }
        catch
        {
            files.DeleteDirectory(temporary);
            throw;
        }
    }

    /// <summary>Makes a folder disappear together with what is in it, so that it never stands there empty.</summary>
    internal static void DeleteDirectory(FileOperations files, string directory)
    {
        var temporary = TemporaryIn(Path.GetDirectoryName(directory)!);
        files.RenameDirectory(directory, temporary);
        files.DeleteDirectory(temporary);
    }

    private static string TemporaryIn(string directory) => Path.Combine(directory, TemporaryPrefix + Guid.NewGuid().ToString("N"));
}
