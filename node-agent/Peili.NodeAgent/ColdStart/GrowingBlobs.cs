using Peili.Containerd;
using Peili.Containerd.Ingests;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.ColdStart;

/// <summary>What this node's containerd is receiving. Follows the content store to wherever containerd says that it is.</summary>
internal sealed class GrowingBlobs(AgentOptions options, ImageStoreWatcher images, TimeProvider time, ILogger<IngestWatcher> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private ContentStore? _store;
    private IngestWatcher? _watcher;

    /// <summary>Told of every change of an ingest's state, on the watcher's own thread: be quick.</summary>
    public Action<GrowingBlob, GrowingBlobState>? Changed { get; set; }

    /// <summary>The ingest of a blob; null when there is none, or with --relay=off.</summary>
    public GrowingBlob? Find(Digest digest) => options.Relay.IsOn && Follow() is { } watcher ? watcher.Find(digest) : null;

    /// <summary>Begins to follow, where the content store is known by now.</summary>
    public IngestWatcher? Follow()
    {
        if (images.ContentStore is not { } store || ReferenceEquals(store, _store))
        {
            return _watcher;
        }

        lock (_lock)
        {
            if (!ReferenceEquals(store, _store))
            {
                _watcher?.Dispose();
                _watcher = new IngestWatcher(store, options.ContainerdNamespace, new IngestWatcherOptions { TimeProvider = time }, (blob, state) => Changed?.Invoke(blob, state), logger);
                _store = store;
            }

            return _watcher;
        }
    }

    public void Dispose() => _watcher?.Dispose();
}
