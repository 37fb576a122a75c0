using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Peili.Grpc;

namespace Peili.Containerd;

/// <summary>
/// Keeps a snapshot of containerd's image store current: it subscribes to events, watches the directory of blobs, lists, asks for what
/// changed, lists again from time to time, and begins anew after a break. A containerd that is away changes <see cref="State"/>, never
/// <see cref="Current"/>.
/// </summary>
public sealed partial class ImageStoreWatcher
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_infoTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ContainerdClient _client;
    private readonly ImageStoreWatcherOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly StoreChanges _changes;
    private readonly ImageStoreReader _reader;
    private readonly string[] _filters;
    private readonly TaskCompletionSource _firstList = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ContentStore? _contentStore;
    private volatile ContainerdConnection _state;
    private volatile ImageStoreSnapshot? _current;
    private volatile bool _nothingDue;

    /// <summary>Makes a watcher; <see cref="RunAsync"/> sets it going.</summary>
    /// <param name="client">Says which containerd and which namespace. It stays its owner's.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="logger">Told of connections made and lost.</param>
    public ImageStoreWatcher(ContainerdClient client, ImageStoreWatcherOptions? options, ILogger<ImageStoreWatcher> logger)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new ImageStoreWatcherOptions();
        _timeProvider = _options.TimeProvider;
        _logger = logger;
        _changes = new StoreChanges(_timeProvider);
        _reader = new ImageStoreReader(client, new ManifestGraph(logger), _timeProvider);
        _filters = [$"namespace==\"{client.Namespace}\",topic~=\"^/(images|content)/\""];
        _state = new ContainerdConnection(false, _timeProvider.GetUtcNow(), null, null, null);
    }

    /// <summary>The newest snapshot; null until the first list.</summary>
    public ImageStoreSnapshot? Current => _current;

    /// <summary>How things stand with containerd.</summary>
    public ContainerdConnection State => _state;

    /// <summary>The content store's files; null until containerd told where they are.</summary>
    public ContentStore? ContentStore => _contentStore;

    /// <summary>How many times everything was listed. Changes that are known one by one need no list.</summary>
    public long Lists => _reader.Lists;

    /// <summary>Whether everything known to have changed was looked at.</summary>
    internal bool NothingDue => _nothingDue;

    /// <summary>Watches until the token fires, and then returns. To be called once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(onListed: () => failures = 0, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is RpcException or IOException)
            {
                SetDisconnected(broken);
            }

            await Task.Delay(NextRetry(failures++), _timeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Completes with the first list.</summary>
    public Task WaitForFirstListAsync(CancellationToken cancellationToken) => _firstList.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// The current snapshot, when there is one, and then each that differs from the one before. Whoever reads slowly misses some, never
    /// the newest.
    /// </summary>
    public async IAsyncEnumerable<ImageStoreSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImageStoreSnapshot? last = null;
        while (true)
        {
            var changed = _changed.Task;
            if (_current is { } current && current != last)
            {
                last = current;
                yield return current;
            }
            else
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>
    /// Whether containerd has committed the blob in the namespace. What the snapshot does not have, containerd is asked for, for it may
    /// have come this moment. False also when containerd does not answer within half a second.
    /// </summary>
    public async ValueTask<bool> ContainsAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (_current?.Contains(digest) == true)
        {
            return true;
        }

        if (!_state.Connected)
        {
            return false;
        }

        try
        {
            var found = await _client.GetContentInfoAsync(digest, s_infoTimeout, cancellationToken) is not null;
            if (found)
            {
                _changes.ReportBlob(digest);
            }

            return found;
        }
        catch (RpcException failed)
        {
            LogUnanswered(failed, digest);
            return false;
        }
    }

    private static TimeSpan NextRetry(int failures)
    {
        var delay = Math.Min(s_firstRetry.TotalMilliseconds * Math.Pow(2, failures), s_lastRetry.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(delay * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    /// <summary>One connection, until it breaks.</summary>
    private async Task FollowAsync(Action onListed, CancellationToken cancellationToken)
    {
        var version = await _client.GetVersionAsync(cancellationToken);
        var root = _options.ContentPath ?? await _client.GetContentRootAsync(cancellationToken);
        if (root is not null && root != _contentStore?.Root)
        {
            _contentStore = new ContentStore(root);
        }

        // First the subscription and the watch, then the list, so that nothing falls between them.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var subscription = await _client.SubscribeAsync(_filters, ending.Token);
        using var blobs = _contentStore is { } store ? new BlobDirectoryWatch(store, _changes, _logger) : null;
        await using var periodic = _timeProvider.CreateTimer(
            _ => _changes.ReportEverything(), null, _options.RelistPeriod, _options.RelistPeriod);
        var pump = PumpAsync(subscription, blobs, ending.Token);
        try
        {
            Publish(await _reader.ListAsync(_contentStore, _current?.Digests.Count ?? 0, cancellationToken));
            SetConnected(version, root);
            onListed();
            while (true)
            {
                await WaitForWorkAsync(pump, ending.Token);
                Publish(await _reader.RefreshAsync(_current!, _changes.Take(), _contentStore, cancellationToken));
            }
        }
        finally
        {
            await ending.CancelAsync();
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for a change, or for what is due without one; throws when the subscription has ended.</summary>
    private async Task WaitForWorkAsync(Task pump, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var due = _reader.NextDue ?? Timeout.InfiniteTimeSpan;
        _nothingDue = due == Timeout.InfiniteTimeSpan;
        var first = await Task.WhenAny(
            pump,
            _changes.WaitAsync(done.Token),
            Task.Delay(due, _timeProvider, done.Token));
        await done.CancelAsync();
        await first;
    }

    /// <summary>Reports what events tell. Ends with an exception, as the subscription does.</summary>
    private async Task PumpAsync(EventSubscription subscription, BlobDirectoryWatch? blobs, CancellationToken cancellationToken)
    {
        await foreach (var happened in subscription.ReadAllAsync(cancellationToken))
        {
            if (happened.Content is { } digest)
            {
                _changes.ReportBlob(digest);
            }
            else if (blobs?.IsWatching == true)
            {
                _changes.ReportImages();
            }
            else
            {
                _changes.ReportEverything();
            }
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "containerd ended the subscription to its events."));
    }

    private void Publish(ImageStoreSnapshot snapshot)
    {
        if (_current is { } current && current.IsSameAs(snapshot))
        {
            return;
        }

        _current = snapshot;
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private void SetConnected(ContainerdVersion version, string? root)
    {
        if (!_state.Connected)
        {
            _state = new ContainerdConnection(true, _timeProvider.GetUtcNow(), _state.LastError, version, root);
            LogConnected(version.Version, root, _current!.Images, _current.Digests.Count);
            _firstList.TrySetResult();
        }
    }

    private void SetDisconnected(Exception error)
    {
        // Said once: containerd may be away for long.
        if (_state.Connected || _state.LastError is null)
        {
            LogDisconnected(error);
        }

        var since = _state.Connected ? _timeProvider.GetUtcNow() : _state.Since;
        _state = _state with { Connected = false, Since = since, LastError = error.Message };
    }

    [LoggerMessage(10, LogLevel.Information, "Connected to containerd {Version}, content store {Root}: {Images} images, {Blobs} blobs")]
    private partial void LogConnected(string version, string? root, int images, int blobs);

    [LoggerMessage(11, LogLevel.Warning, "Lost the connection to containerd; trying again until it is back")]
    private partial void LogDisconnected(Exception error);

    [LoggerMessage(12, LogLevel.Debug, "containerd did not say whether it has {Digest}")]
    private partial void LogUnanswered(Exception error, Digest digest);
}
