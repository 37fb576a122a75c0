using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Peili.Containerd.Files;

/// <summary>
/// What the system knows of a file (man 2 statx). .NET tells neither which file a name stands for nor whether a file still has one. statx and
/// not stat, for its result is laid out alike on every processor.
/// </summary>
/// <param name="Identity">The inode's number, which no two existing files of a file system share.</param>
/// <param name="Links">How many names the file has; 0 when it lives on by open handles alone.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Modified">When it was last written to, in nanoseconds since 1970, as fine as the file system's clock.</param>
internal readonly record struct FileStatus(ulong Identity, uint Links, long Length, long Modified)
{
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7ff;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reads the status of the file that has the name; false when there is none or it is out of reach.</summary>
    public static bool TryRead(string path, out FileStatus status)
    {
        var failed = NativeMethods.Status(CurrentDirectory, path, 0, BasicFields, out var fields) != 0;
        status = failed ? default : Of(fields);
        return !failed;
    }

    /// <summary>Reads the status of an open file.</summary>
    /// <exception cref="IOException">The system does not tell it.</exception>
    public static FileStatus Read(SafeFileHandle file) => NativeMethods.Status(file, string.Empty, EmptyPath, BasicFields, out var fields) == 0
        ? Of(fields)
        : throw new IOException($"The status of an open file cannot be read: {Marshal.GetLastPInvokeErrorMessage()}");

    private static FileStatus Of(in StatusFields fields) => new(
        fields.Inode, fields.Links, (long)fields.Size, (fields.ModifiedSeconds * NanosecondsPerSecond) + fields.ModifiedNanoseconds);
}
