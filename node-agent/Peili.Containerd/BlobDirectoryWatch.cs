using Microsoft.Extensions.Logging;
using Peili.Containerd.Files;

namespace Peili.Containerd;

/// <summary>
/// Follows the directory of committed blobs by inotify (man 7 inotify), for containerd tells of few of its changes: of commits since 2.1
/// alone, of garbage collection never. The directory may come, go and be replaced.
/// </summary>
internal sealed partial class BlobDirectoryWatch : IDisposable
{
    // How long a directory that came, or was replaced together with its parents, can go unnoticed; also the longest the thread
    // outlives Dispose.
    private const int PollMilliseconds = 2000;
    private const int StackSize = 256 * 1024;
    private const int BufferSize = 64 * 1024;

    private readonly string _directory;
    private readonly StoreChanges _changes;
    private readonly ILogger _logger;
    private readonly Inotify _inotify = new();
    private readonly NamedWatch _watch;
    private volatile bool _disposed;

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
        _watch = new NamedWatch(_inotify, _directory, reason => LogUnwatched(_directory, reason));
        if (_inotify.Failure is { } reason)
        {
            LogUnwatched(_directory, reason);
            _inotify.Dispose();
            return;
        }

        _watch.Attach();
        new Thread(Run, StackSize) { IsBackground = true, Name = "blob directory" }.Start();
    }

    /// <summary>The store, as given.</summary>
    public ContentStore Store { get; }

    /// <summary>Whether changes are noticed; not while the directory does not exist, nor where the system has no inotify left.</summary>
    public bool IsWatching => _watch.Descriptor >= 0;

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;

    /// <summary>Passes on what the kernel told.</summary>
    internal void Report(ReadOnlySpan<byte> events)
    {
        while (InotifyEvent.TryTake(ref events, out var happened))
        {
            if (happened.Is(InotifyMask.QueueOverflow))
            {
                _changes.ReportEverything();
            }
            else if (happened.Descriptor == _watch.Descriptor && Digest.TryParseHex(happened.Name, out var digest))
            {
                if (happened.Is(InotifyMask.Delete | InotifyMask.MovedFrom))
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
            while (!_disposed)
            {
                _inotify.Wait(PollMilliseconds);
                while (_inotify.Read(buffer) is > 0 and var length)
                {
                    Report(buffer.AsSpan(0, length));
                }

                if (_watch.Attach())
                {
                    _changes.ReportEverything();
                }
            }
        }

        _watch.End();
    }

    [LoggerMessage(
        20,
        LogLevel.Warning,
        "Cannot watch {Directory}: {Reason}. Blobs that come and go show with the next list, up to a minute later. If the limit is reached, raise the sysctls fs.inotify.max_user_instances and fs.inotify.max_user_watches")]
    private partial void LogUnwatched(string directory, string reason);
}
