using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Peili.Containerd.Files;

/// <summary>Calls of the C library that .NET has no equal for.</summary>
internal static partial class NativeMethods
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int NoSuchFile = 2;
    private const int NotDirectory = 20;

    /// <summary>Opens a file for reading; null when it is not there, which <see cref="File.OpenHandle"/> tells by an exception.</summary>
    /// <exception cref="IOException">It is there but cannot be opened, for want of the permission or of a file descriptor.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        var handle = Open(path, ReadOnlyCloseOnExec);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error is NoSuchFile or NotDirectory
            ? null
            : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Status(int directory, string path, int flags, uint mask, out StatusFields fields);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Status(SafeFileHandle file, string path, int flags, uint mask, out StatusFields fields);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
