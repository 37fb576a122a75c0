using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Peili.Containerd.Files;

namespace Peili.Containerd.Ingests;

/// <summary>
/// Follows what containerd receives in one namespace, in the content store's <c>ingest</c> directory: by inotify, and by looking now and then
/// where that fails. The directory may come, go and be replaced. An idle one is looked at every other second. Safe for use by many threads.
/// </summary>
public sealed class IngestWatcher : IDisposable
{
    // A directory whose watch failed is noticed so late at most.
    private const int IdleMilliseconds = 2000;

    // The same of growth, while something is fetched or waited for.
    private const int BusyMilliseconds = 50;

    // How often readers are woken at most, however often containerd writes.
    private const int CoalescingMilliseconds = 4;

    // Without inotify, how old a look at the directory may be when a digest is asked for that it did not show.
    private const int FreshMilliseconds = 10;

    private const int StackSize = 256 * 1024;

    private readonly Action<GrowingBlob, GrowingBlobState> _changed;
    private readonly Inotify _inotify;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<Digest, GrowingBlob> _blobs = new();

    private readonly Lock _lock = new();
    private readonly IngestDirectory _directory;
    private readonly Queue<(GrowingBlob Blob, GrowingBlobState State)> _untold = [];
    private long _lastScan;
    private bool _isBusy;
    private bool _disposed;

    /// <summary>Begins to follow. What is there when this returns can be found.</summary>
    /// <param name="store">Whose ingests.</param>
    /// <param name="containerdNamespace">Others' are left out. Kubernetes' is <c>k8s.io</c>.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="changed">
    /// Told of every ingest that comes, as <see cref="GrowingBlobState.Waiting"/>, and of every other state it gets into, in order and on the
    /// watcher's own thread: it must be quick, and must not throw. <see cref="GrowingBlobState.Released"/> is told again when a pull that went
    /// on with an ingest gave up before any byte came.
    /// </param>
    /// <param name="logger">Told what cannot be followed.</param>
    /// <exception cref="IOException">The process has no file descriptor left.</exception>
    public IngestWatcher(
        ContentStore store,
        string containerdNamespace,
        IngestWatcherOptions? options,
        Action<GrowingBlob, GrowingBlobState> changed,
        ILogger<IngestWatcher> logger)
        : this(store, containerdNamespace, options, changed, logger, new Inotify())
    {
    }

    internal IngestWatcher(
        ContentStore store,
        string containerdNamespace,
        IngestWatcherOptions? options,
        Action<GrowingBlob, GrowingBlobState> changed,
        ILogger<IngestWatcher> logger,
        Inotify inotify)
    {
        _changed = changed;
        _inotify = inotify;
        _directory = new IngestDirectory(store, containerdNamespace, options ?? new IngestWatcherOptions(), inotify, OnChanged, logger);
        lock (_lock)
        {
            Scan();
        }

        _thread = new Thread(Run, StackSize) { IsBackground = true, Name = "ingests" };
        _thread.Start();
    }

    /// <summary>
    /// The ingest of a blob, from the moment containerd has opened it until it is committed or gone; null when there is none. One that was
    /// opened before the call is found, however short before.
    /// </summary>
    public GrowingBlob? Find(Digest digest)
    {
        if (_blobs.TryGetValue(digest, out var blob))
        {
            return blob;
        }

        // The kernel has queued what happened before containerd could send its request.
        lock (_lock)
        {
            if (_disposed)
            {
                return null;
            }

            _directory.Drain();
            if (_directory.IsWatched ? _directory.ScanIsDue : Environment.TickCount64 - _lastScan >= FreshMilliseconds)
            {
                Scan();
            }

            if (_untold.Count > 0)
            {
                _inotify.Wake();
            }
        }

        return _blobs.GetValueOrDefault(digest);
    }

    /// <summary>Stops following: what still grew is <see cref="GrowingBlobState.Released"/>, and whoever waits for it is told. Readers keep their files.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _inotify.Wake();
        }

        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        while (Turn() is { } hasHappened)
        {
            Tell();
            if (hasHappened)
            {
                Thread.Sleep(CoalescingMilliseconds);
            }
        }

        _directory.Abandon();
        _blobs.Clear();
        _inotify.Dispose();
    }

    /// <summary>Waits, and looks at what happened: false when nothing did, null when this ends.</summary>
    private bool? Turn()
    {
        _inotify.Wait(_isBusy ? BusyMilliseconds : IdleMilliseconds);
        lock (_lock)
        {
            if (_disposed)
            {
                return null;
            }

            var hasHappened = _directory.Drain();
            if (_directory.ScanIsDue || Environment.TickCount64 - _lastScan >= IdleMilliseconds)
            {
                Scan();
            }
            else if (!hasHappened)
            {
                _directory.LookAtBusy();
            }

            _isBusy = _directory.IsBusy;
            return hasHappened;
        }
    }

    private void Scan()
    {
        _lastScan = Environment.TickCount64;
        _directory.Scan();
    }

    private void Tell()
    {
        while (true)
        {
            (GrowingBlob Blob, GrowingBlobState State) news;
            lock (_lock)
            {
                if (!_untold.TryDequeue(out news))
                {
                    return;
                }
            }

            _changed(news.Blob, news.State);
        }
    }

    private void OnChanged(GrowingBlob blob, GrowingBlobState state)
    {
        _isBusy = true;
        _untold.Enqueue((blob, state));
        if (state == GrowingBlobState.Waiting)
        {
            _blobs[blob.Digest] = blob;
        }
        else if (state is GrowingBlobState.Committed or GrowingBlobState.Aborted or GrowingBlobState.Truncated)
        {
            _blobs.TryRemove(KeyValuePair.Create(blob.Digest, blob));
        }
    }
}
