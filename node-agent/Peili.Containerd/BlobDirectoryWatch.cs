using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Peili.Containerd;

/// <summary>
/// Follows the directory of committed blobs by inotify (man 7 inotify), for containerd tells of few of its changes: of commits since 2.1
/// alone, of garbage collection never. The directory may come, go and be replaced. .NET's FileSystemWatcher would not do: it needs the
/// directory to be there, and says nothing when it is removed.
/// </summary>
internal sealed partial class BlobDirectoryWatch : IDisposable
{
    // How long a directory that came, or was replaced together with its parents, can go unnoticed; also the longest the thread
    // outlives Dispose.
    private const int PollMilliseconds = 1000;
    private const int StackSize = 256 * 1024;
    private const int BufferSize = 64 * 1024;
    private const int HeaderLength = 16;

    private const int NonBlockingCloseOnExec = 0x80800;
    private const short Readable = 1;
    private const uint MovedFrom = 0x40;
    private const uint MovedTo = 0x80;
    private const uint Created = 0x100;
    private const uint Deleted = 0x200;
    private const uint DeletedSelf = 0x400;
    private const uint MovedSelf = 0x800;
    private const uint Overflow = 0x4000;
    private const uint OnlyDirectory = 0x1000000;
    private const int NoSuchFile = 2;

    private readonly string _directory;
    private readonly StoreChanges _changes;
    private readonly ILogger _logger;
    private readonly SafeFileHandle _inotify;
    private volatile int _descriptor = -1;
    private volatile bool _disposed;
    private int _lastError = NoSuchFile;

    /// <summary>Begins to watch. What happens once this returns is reported, if <see cref="IsWatching"/>.</summary>
    /// <param name="store">Whose blobs.</param>
    /// <param name="changes">Told of what happens, from a thread of the watch's own.</param>
    /// <param name="logger">Told why the directory cannot be watched.</param>
    public BlobDirectoryWatch(ContentStore store, StoreChanges changes, ILogger logger)
    {
        Store = store;
        _directory = store.BlobDirectory;
        _changes = changes;
        _logger = logger;
        _inotify = Open(NonBlockingCloseOnExec);
        if (_inotify.IsInvalid)
        {
            LogUnwatched(_directory, Marshal.GetLastPInvokeErrorMessage());
            return;
        }

        Attach();
        new Thread(Run, StackSize) { IsBackground = true, Name = "blob directory" }.Start();
    }

    /// <summary>The store, as given.</summary>
    public ContentStore Store { get; }

    /// <summary>Whether changes are noticed; not while the directory does not exist, nor where the system has no inotify left.</summary>
    public bool IsWatching => _descriptor >= 0;

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;

    /// <summary>Passes on what the kernel told.</summary>
    internal void Report(ReadOnlySpan<byte> events)
    {
        // struct inotify_event { int wd; uint32_t mask; uint32_t cookie; uint32_t len; char name[len]; }
        while (events.Length >= HeaderLength)
        {
            var descriptor = MemoryMarshal.Read<int>(events);
            var mask = MemoryMarshal.Read<uint>(events[4..]);
            var end = HeaderLength + (int)MemoryMarshal.Read<uint>(events[12..]);
            var name = events[HeaderLength..end].TrimEnd((byte)0);
            events = events[end..];
            if ((mask & Overflow) != 0)
            {
                _changes.ReportEverything();
            }
            else if (descriptor == _descriptor && Digest.TryParseHex(name, out var digest))
            {
                if ((mask & (Deleted | MovedFrom)) != 0)
                {
                    _changes.ReportGone(digest);
                }
                else
                {
                    _changes.ReportBlob(digest);
                }
            }
        }
    }

    private void Run()
    {
        using (_inotify)
        {
            var buffer = new byte[BufferSize];
            var poll = new PollDescriptor { File = (int)_inotify.DangerousGetHandle(), Events = Readable };
            while (!_disposed)
            {
                // It fails when a signal comes, and then the time is merely shorter.
                _ = Poll(ref poll, 1, PollMilliseconds);
                while (Read(_inotify, buffer, BufferSize) is > 0 and var length)
                {
                    Report(buffer.AsSpan(0, (int)length));
                }

                if (Attach())
                {
                    _changes.ReportEverything();
                }
            }
        }

        _descriptor = -1;
    }

    /// <summary>Watches the directory that now has the name; false when that is the same as before.</summary>
    private bool Attach()
    {
        var before = _descriptor;
        var descriptor = AddWatch(_inotify, _directory, MovedFrom | MovedTo | Created | Deleted | DeletedSelf | MovedSelf | OnlyDirectory);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != _lastError && error != NoSuchFile)
            {
                LogUnwatched(_directory, Marshal.GetPInvokeErrorMessage(error));
            }

            _lastError = error;
        }

        if (descriptor == before)
        {
            return false;
        }

        _descriptor = descriptor;
        if (before >= 0)
        {
            // It fails when the kernel has done so itself, with the directory.
            _ = RemoveWatch(_inotify, before);
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial SafeFileHandle Open(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle inotify, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch")]
    private static partial int RemoveWatch(SafeFileHandle inotify, int descriptor);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle inotify, [Out] byte[] buffer, nint count);

    [LoggerMessage(
        20,
        LogLevel.Warning,
        "Cannot watch {Directory}: {Reason}. Blobs that come and go show with the next list, up to a minute later. If the limit is reached, raise the sysctls fs.inotify.max_user_instances and fs.inotify.max_user_watches")]
    private partial void LogUnwatched(string directory, string reason);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
