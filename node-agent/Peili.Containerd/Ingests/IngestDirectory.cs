using System.IO.Enumeration;
using Microsoft.Extensions.Logging;
using Peili.Containerd.Files;

namespace Peili.Containerd.Ingests;

/// <summary>The content store's <c>ingest</c> directory and what is in it, as far as it was looked at. For one thread at a time.</summary>
internal sealed partial class IngestDirectory
{
    private const int BufferSize = 64 * 1024;
    private const int MaxReads = 16;
    private const InotifyMask OfFolder = InotifyMask.Names | InotifyMask.Modify | InotifyMask.CloseWrite | InotifyMask.CloseNoWrite;

    private readonly ContentStore _store;
    private readonly string _namespace;
    private readonly IngestWatcherOptions _options;
    private readonly Inotify _inotify;
    private readonly NamedWatch _watch;
    private readonly Action<GrowingBlob, GrowingBlobState> _changed;
    private readonly ILogger _logger;
    private readonly Dictionary<Digest, IngestFolder> _folders = [];
    private readonly Dictionary<int, IngestFolder> _watched = [];
    private readonly HashSet<IngestFolder> _touched = [];
    private readonly byte[] _buffer = new byte[BufferSize];
    private bool _hasScanned;
    private bool _isReported;
    private bool _isFull;

    public IngestDirectory(
        ContentStore store,
        string containerdNamespace,
        IngestWatcherOptions options,
        Inotify inotify,
        Action<GrowingBlob, GrowingBlobState> changed,
        ILogger logger)
    {
        _store = store;
        _namespace = containerdNamespace;
        _options = options;
        _inotify = inotify;
        _changed = changed;
        _logger = logger;
        _watch = new NamedWatch(inotify, store.IngestDirectory, reason => LogUnwatched(store.IngestDirectory, reason));
        if (inotify.Failure is { } reason)
        {
            LogUnwatched(store.IngestDirectory, reason);
        }
    }

    /// <summary>Whether the kernel tells what changes; not while the directory does not exist, nor where the system has no inotify left.</summary>
    public bool IsWatched => _watch.Descriptor >= 0;

    /// <summary>Whether the kernel's news do not tell everything.</summary>
    public bool ScanIsDue { get; private set; }

    /// <summary>Whether bytes come, or are waited for.</summary>
    public bool IsBusy => _folders.Values.Any(Busy);

    /// <summary>Looks at what the kernel tells of; whether it told of anything.</summary>
    public bool Drain()
    {
        var reads = 0;
        for (; reads < MaxReads && _inotify.Read(_buffer) is > 0 and var length; reads++)
        {
            ReadOnlySpan<byte> events = _buffer.AsSpan(0, length);
            while (InotifyEvent.TryTake(ref events, out var happened))
            {
                Handle(happened);
            }
        }

        foreach (var folder in _touched)
        {
            LookAt(folder);
        }

        _touched.Clear();
        return reads > 0;
    }

    /// <summary>Looks at everything there is.</summary>
    public void Scan()
    {
        ScanIsDue = false;
        var isNew = _watch.Attach() || !_hasScanned;
        _hasScanned = true;
        foreach (var name in ListNames())
        {
            Enter(name, isOld: isNew);
        }

        foreach (var folder in _folders.Values.ToArray())
        {
            LookAt(folder);
        }
    }

    /// <summary>Looks at what may have grown unnoticed.</summary>
    public void LookAtBusy()
    {
        foreach (var folder in _folders.Values.Where(Busy).ToArray())
        {
            LookAt(folder);
        }
    }

    /// <summary>Follows nothing any longer.</summary>
    public void Abandon()
    {
        foreach (var folder in _folders.Values)
        {
            folder.Abandon();
        }
    }

    private static bool Busy(IngestFolder folder) => folder.Blob is { } blob && (blob.State == GrowingBlobState.Fetching || blob.HasWaiters);

    private void Handle(InotifyEvent happened)
    {
        if (_watched.TryGetValue(happened.Descriptor, out var folder))
        {
            HandleIn(folder, happened);
        }
        else if (happened.Descriptor == _watch.Descriptor && Digest.TryParseHex(happened.Name, out var name))
        {
            if (happened.Is(InotifyMask.Create | InotifyMask.MovedTo))
            {
                Renew(name);
            }
            else if (_folders.TryGetValue(name, out var known))
            {
                _touched.Add(known);
            }
        }
        else if (happened.Is(InotifyMask.QueueOverflow) || (happened.Descriptor == _watch.Descriptor && happened.Name.IsEmpty))
        {
            ScanIsDue = true;
        }
    }

    private void HandleIn(IngestFolder folder, InotifyEvent happened)
    {
        var isClose = happened.Is(InotifyMask.CloseWrite | InotifyMask.CloseNoWrite);
        if (isClose && happened.Name.SequenceEqual("data"u8))
        {
            // First whatever led to this.
            LookAt(folder);
            if (happened.Is(InotifyMask.CloseWrite))
            {
                folder.OnClosed();
            }
            else
            {
                folder.OnHashed();
            }
        }
        else if (happened.Is(InotifyMask.MovedTo) && happened.Name.SequenceEqual("updatedat"u8))
        {
            LookAt(folder);
            folder.OnUpdated();
        }
        else if (!isClose)
        {
            if (happened.Is(InotifyMask.Ignored))
            {
                _watched.Remove(happened.Descriptor);
                folder.Descriptor = -1;
            }

            _touched.Add(folder);
        }
    }

    private List<Digest> ListNames()
    {
        var names = new List<Digest>();
        if (!Directory.Exists(_store.IngestDirectory))
        {
            return names;
        }

        try
        {
            names.AddRange(new FileSystemEnumerable<Digest?>(
                _store.IngestDirectory,
                static (ref FileSystemEntry entry) => Digest.TryParseHex(entry.FileName, out var name) ? name : null).OfType<Digest>());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            if (!_isReported)
            {
                _isReported = true;
                LogUnreadable(unreadable, _store.IngestDirectory);
            }
        }

        return names;
    }

    /// <summary>A directory has just come, or come again.</summary>
    private void Renew(Digest name)
    {
        if (_folders.TryGetValue(name, out var before) && before.IsForeign)
        {
            _folders.Remove(name);
        }

        if (Enter(name, isOld: false) is { } folder)
        {
            _touched.Add(folder);
        }
    }

    private IngestFolder? Enter(Digest name, bool isOld)
    {
        if (!_folders.TryGetValue(name, out var folder))
        {
            if (_folders.Count >= _options.MaxIngests)
            {
                if (!_isFull)
                {
                    _isFull = true;
                    LogFull(_store.IngestDirectory, _options.MaxIngests);
                }

                return null;
            }

            folder = new IngestFolder(name, _store, isOld, _options, _changed);
            _folders.Add(name, folder);
        }

        if (!folder.IsForeign)
        {
            Watch(folder);
        }

        return folder;
    }

    private void Watch(IngestFolder folder)
    {
        // Where it fails, the looks now and then do.
        var descriptor = _inotify.Watch(folder.Path, OfFolder);
        if (descriptor != folder.Descriptor)
        {
            Unwatch(folder);
            folder.Descriptor = descriptor;
            if (descriptor >= 0)
            {
                _watched[descriptor] = folder;
            }
        }
    }

    private void Unwatch(IngestFolder folder)
    {
        if (folder.Descriptor >= 0)
        {
            _inotify.Unwatch(folder.Descriptor);
            _watched.Remove(folder.Descriptor);
            folder.Descriptor = -1;
        }
    }

    private void LookAt(IngestFolder folder)
    {
        if (_folders.GetValueOrDefault(folder.Name) != folder)
        {
            return;
        }

        try
        {
            if (!folder.Look(_namespace))
            {
                Unwatch(folder);
                _folders.Remove(folder.Name);
            }
            else if (folder.IsForeign)
            {
                Unwatch(folder);
            }
        }
        catch (IOException unreadable)
        {
            if (!folder.IsReported)
            {
                folder.IsReported = true;
                LogUnreadable(unreadable, folder.Path);
            }
        }
    }

    [LoggerMessage(
        30,
        LogLevel.Warning,
        "Cannot watch {Directory}: {Reason}. What containerd is receiving shows up to a second late. If the limit is reached, raise the sysctls fs.inotify.max_user_instances and fs.inotify.max_user_watches")]
    private partial void LogUnwatched(string directory, string reason);

    [LoggerMessage(31, LogLevel.Warning, "Cannot read {Path}; what containerd receives there is not offered to other nodes until that works")]
    private partial void LogUnreadable(Exception error, string path);

    [LoggerMessage(
        32,
        LogLevel.Warning,
        "There are more than {Count} ingests in {Directory}; the others are not offered to other nodes until they are committed")]
    private partial void LogFull(string directory, int count);
}
