namespace Peili.Containerd.Hosts;

/// <summary>What changes a disk, one operation at a time; a crash comes between two of them, or in the middle of one. Tests stop it there.</summary>
internal class FileOperations
{
    /// <summary>The disk's own.</summary>
    public static FileOperations Real { get; } = new();

    public virtual void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <summary>Writes a new file and flushes it to disk.</summary>
    public virtual void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });

        // The process' umask has no say in what a file of somebody else's mode becomes.
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts a file in another's place, at once.</summary>
    public virtual void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Gives a folder another name, at once; there is none of that name.</summary>
    public virtual void RenameDirectory(string from, string to) => Directory.Move(from, to);

    /// <summary>Deletes a file, if there is one.</summary>
    public virtual void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Deletes a folder with everything in it, one after the other.</summary>
    public virtual void DeleteDirectory(string path) => Directory.Delete(path, recursive: true);
}
