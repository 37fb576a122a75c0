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
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var directory = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(directory, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            WriteThrough(temporary, content, mode);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes a folder appear together with its one file, so that it never stands there empty.</summary>
    /// <param name="path">The file in a folder that does not exist yet.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">The file's permissions, whatever the umask.</param>
    public static void WriteInNewDirectory(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var directory = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(Path.GetDirectoryName(directory)!, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(temporary);
        try
        {
            WriteThrough(Path.Combine(temporary, Path.GetFileName(path)), content, mode);
            Directory.Move(temporary, directory);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static void WriteThrough(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });

        // The process' umask has no say in what a file of somebody else's mode becomes.
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
