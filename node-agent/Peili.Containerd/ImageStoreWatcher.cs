using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Peili.Grpc;

namespace Peili.Containerd;

/// <summary>
/// Keeps a snapshot of containerd's image store current: it subscribes to events, lists, lists again after events and from time to
/// time, and begins anew after a break. A containerd that is away changes <see cref="State"/>, never <see cref="Current"/>.
/// </summary>
public sealed partial class ImageStoreWatcher
{
    // Long enough for the events of one pull to be answered by one list, and a bound where they never cease.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestStorm = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_infoTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ContainerdClient _client;
    private readonly ImageStoreWatcherOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ManifestGraph _manifests;
    private readonly string[] _filters;
    private readonly TaskCompletionSource _firstList = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConcurrentDictionary<Digest, bool> _learned = new();
    private volatile ContentStore? _contentStore;
    private volatile ContainerdConnection _state;
    private volatile ImageStoreSnapshot? _current;

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
        _manifests = new ManifestGraph(logger);
        _filters = [$"namespace==\"{client.Namespace}\",topic~=\"^/(images|content)/\""];
        _state = new ContainerdConnection(false, _timeProvider.GetUtcNow(), null, null, null);
    }

    /// <summary>The newest snapshot; null until the first list.</summary>
    public ImageStoreSnapshot? Current => _current;

    /// <summary>How things stand with containerd.</summary>
    public ContainerdConnection State => _state;

    /// <summary>The content store's files; null until containerd told where they are.</summary>
    public ContentStore? ContentStore => _contentStore;

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
    /// Whether containerd has committed the blob in the namespace. What the snapshot does not have, containerd is asked for, for a pull
    /// tells nobody of its blobs before it ends. False also when containerd does not answer within half a second.
    /// </summary>
    public async ValueTask<bool> ContainsAsync(Digest digest, CancellationToken cancellationToken)
    {
        var learned = _learned;
        if (_current?.Contains(digest) == true || learned.ContainsKey(digest))
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
                learned.TryAdd(digest, true);
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

        // First the subscription, then the list, so that nothing falls between them.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var subscription = await _client.SubscribeAsync(_filters, ending.Token);
        var relist = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        await using var periodic = _timeProvider.CreateTimer(
            _ => relist.Writer.TryWrite(true), null, _options.RelistPeriod, _options.RelistPeriod);
        var pump = PumpAsync(subscription, relist.Writer, ending.Token);
        try
        {
            while (true)
            {
                await ListAsync(cancellationToken);
                SetConnected(version, root);
                onListed();
                await relist.Reader.WaitToReadAsync(cancellationToken);
                await SettleAsync(relist.Reader, cancellationToken);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await pump;
        }
    }

    /// <summary>Turns events into at most one standing wish for a list. The channel ends with the subscription.</summary>
    private static async Task PumpAsync(EventSubscription subscription, ChannelWriter<bool> relist, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in subscription.ReadAllAsync(cancellationToken))
            {
                relist.TryWrite(true);
            }

            relist.Complete(new RpcException(new Status(StatusCode.Unavailable, "containerd ended the subscription to its events.")));
        }
        catch (Exception ended) when (ended is RpcException or OperationCanceledException)
        {
            relist.Complete(ended);
        }
    }

    /// <summary>Waits until no more events come, or have been coming for long enough.</summary>
    private async Task SettleAsync(ChannelReader<bool> relist, CancellationToken cancellationToken)
    {
        var start = _timeProvider.GetTimestamp();
        while (relist.TryRead(out _) && _timeProvider.GetElapsedTime(start) < s_longestStorm)
        {
            await Task.Delay(s_quiet, _timeProvider, cancellationToken);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var learned = new ConcurrentDictionary<Digest, bool>();
        var builder = new ImageStoreSnapshotBuilder(_current?.Digests.Count ?? 0);
        foreach (var image in await _client.ListImagesAsync(cancellationToken))
        {
            builder.Add(image);
        }

        await foreach (var content in _client.ListRawContentAsync(cancellationToken))
        {
            builder.Add(content.Span);
        }

        var snapshot = builder.Build(_manifests, _contentStore);
        _learned = learned;
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
