using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Files;
using Peili.Containerd.Ingests;

namespace Peili.Containerd.Tests.Support;

/// <summary>A watcher of a content store's ingests that keeps what it was told. Its clock stands still unless a test gives it another.</summary>
internal sealed class WatchedIngests : IDisposable
{
    private readonly ConcurrentQueue<(Digest Digest, GrowingBlobState State)> _told = new();
    private readonly IngestWatcher _watcher;

    public WatchedIngests(ContentStore store, IngestWatcherOptions? options = null, Inotify? inotify = null) => _watcher = new IngestWatcher(
        store,
        "k8s.io",
        options ?? new IngestWatcherOptions { TimeProvider = new StandingClock() },
        (blob, state) => _told.Enqueue((blob.Digest, state)),
        NullLogger<IngestWatcher>.Instance,
        inotify ?? new Inotify());

    public GrowingBlob? Find(Digest digest) => _watcher.Find(digest);

    /// <summary>What was told of a blob, one state after the other.</summary>
    public string StatesOf(Digest digest) => string.Join(' ', _told.Where(news => news.Digest == digest).Select(news => news.State));

    public Task TellsAsync(Digest digest, string states) => Eventually.IsTrueAsync(
        () => StatesOf(digest) == states,
        $"the states are \"{states}\"",
        () => $"\"{StatesOf(digest)}\"");

    public void Dispose() => _watcher.Dispose();
}
