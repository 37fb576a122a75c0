using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Peili.Containerd.Files;

/// <summary>
/// An inotify instance (man 7 inotify). .NET's FileSystemWatcher would not do: it needs the directory to be there, says nothing when it is
/// removed, tells late of what its own threads have to read first, and leaves out the closing of files.
/// </summary>
internal sealed partial class Inotify : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x80800;
    private const short Readable = 1;

    private readonly SafeFileHandle _inotify;
    private readonly SafeFileHandle _alarm;

    /// <summary>Makes an instance. Where the system has none left, every watch fails, and <see cref="Failure"/> says why.</summary>
    /// <exception cref="IOException">The process has no file descriptor left.</exception>
    public Inotify()
        : this(Open(NonBlockingCloseOnExec))
    {
    }

    internal Inotify(SafeFileHandle inotify)
    {
        _inotify = inotify;
        Failure = inotify.IsInvalid ? Marshal.GetLastPInvokeErrorMessage() : null;
        _alarm = OpenAlarm(0, NonBlockingCloseOnExec);
        if (_alarm.IsInvalid)
        {
            inotify.Dispose();
            throw new IOException($"eventfd: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Why nothing can be watched; null when all is well.</summary>
    public string? Failure { get; }

    /// <summary>Watches a directory, or changes for what. The descriptor is the same for the same directory; negative is an error's number.</summary>
    public int Watch(string directory, InotifyMask mask)
    {
        var descriptor = AddWatch(_inotify, directory, (uint)(mask | InotifyMask.OnlyDirectory));
        return descriptor >= 0 ? descriptor : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Ends a watch. One that the kernel has ended itself, with its directory, is no error.</summary>
    public void Unwatch(int descriptor) => _ = RemoveWatch(_inotify, descriptor);

    /// <summary>Waits until there is something to read, <see cref="Wake"/> was called or the time is over.</summary>
    public void Wait(int milliseconds)
    {
        // A negative descriptor, where there is no instance, is passed over.
        Span<PollDescriptor> descriptors =
        [
            new() { File = (int)_inotify.DangerousGetHandle(), Events = Readable },
            new() { File = (int)_alarm.DangerousGetHandle(), Events = Readable },
        ];

        // It fails when a signal comes, and then the time is merely shorter.
        _ = Poll(ref descriptors[0], 2, milliseconds);
        if ((descriptors[1].Returned & Readable) != 0)
        {
            _ = Read(_alarm, out _, sizeof(ulong));
        }
    }

    /// <summary>Ends the wait of another thread, or the next one.</summary>
    public void Wake() => _ = Write(_alarm, 1, sizeof(ulong));

    /// <summary>Reads what happened, as <see cref="InotifyEvent"/> takes it apart; the length is 0 when there is nothing more.</summary>
    public int Read(byte[] buffer) => (int)Math.Max(0, Read(_inotify, buffer, buffer.Length));

    /// <inheritdoc/>
    public void Dispose()
    {
        _inotify.Dispose();
        _alarm.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial SafeFileHandle Open(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial SafeFileHandle OpenAlarm(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle inotify, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch")]
    private static partial int RemoveWatch(SafeFileHandle inotify, int descriptor);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle inotify, [Out] byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle alarm, out ulong count, nint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle alarm, in ulong count, nint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
