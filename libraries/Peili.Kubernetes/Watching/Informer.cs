using System.Collections.Immutable;
using System.Net;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Kubernetes.Watching;

/// <summary>
/// Keeps a copy of the objects of a kind: a list, then a watch, and again a list where the watch has lost its place. It tells which
/// objects changed, not how: who is told looks at <see cref="Items"/>. Safe for use by many threads.
/// </summary>
public sealed class Informer<T>
    where T : KubernetesObject
{
    // A watch that ends sooner is a failure even where the server ends it in order; one that lives as long ends the row of failures.
    private static readonly TimeSpan s_shortestWatch = TimeSpan.FromSeconds(1);

    private readonly KubernetesClient _client;
    private readonly ResourceKind<T> _kind;
    private readonly InformerOptions _options;
    private readonly Func<T, T> _trim;
    private readonly Backoff _backoff;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<Action<NamespacedName>> _handlers = [];
    private volatile ImmutableDictionary<NamespacedName, T> _items = ImmutableDictionary<NamespacedName, T>.Empty;
    private string? _version;
    private long _listed;

    /// <summary>Makes an informer that does nothing yet.</summary>
    /// <param name="client">Whom to ask.</param>
    /// <param name="kind">What is followed.</param>
    /// <param name="options">How.</param>
    /// <param name="trim">What is kept of an object; null for all of it. Namespace, name, uid and resourceVersion must stay.</param>
    public Informer(KubernetesClient client, ResourceKind<T> kind, InformerOptions? options = null, Func<T, T>? trim = null)
    {
        (_client, _kind, _options) = (client, kind, options ?? new InformerOptions());
        _trim = trim ?? (static item => item);
        _backoff = new Backoff(_options.FirstDelay, _options.LongestDelay, Random.Shared);
    }

    /// <summary>The objects, as far as they are known: a snapshot that does not change.</summary>
    public IReadOnlyDictionary<NamespacedName, T> Items => _items;

    /// <summary>Whether the first list is in: before, what is missing in <see cref="Items"/> may well exist.</summary>
    public bool HasSynced => _synced.Task.IsCompleted;

    /// <summary>Waits for the first list.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// From now on <paramref name="changed"/> is told the key of every object that comes, changes or goes, and at once those that are there.
    /// It must be quick and must not throw: adding to a work queue is what it is for.
    /// </summary>
    public void Subscribe(Action<NamespacedName> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        lock (_lock)
        {
            _handlers = _handlers.Add(changed);
            foreach (var key in _items.Keys)
            {
                changed(key);
            }
        }
    }

    /// <summary>Follows the objects until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is KubernetesException or KubeConfigException)
            {
                var delay = _backoff.Next();
                if (exception is KubernetesException { RetryAfter: { } asked } && asked > delay && asked <= TimeSpan.FromMinutes(5))
                {
                    delay = asked;
                }

                _options.Failed?.Invoke(exception, delay);
                await Task.Delay(delay, _client.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The end that was asked for.
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (_version is null)
        {
            var list = await _client.ListAsync(_kind, _options.Objects, _trim, cancellationToken);
            Replace(list.Items);
            (_version, _listed) = (list.ResourceVersion, _client.Time.GetTimestamp());
            _synced.TrySetResult();
        }

        try
        {
            await WatchAsync(_version, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsExpired)
        {
            _version = null;
            if (_client.Time.GetElapsedTime(_listed) < _options.LongestDelay)
            {
                // The version of a list just made is not too old: something is wrong with the server.
                throw;
            }

            _backoff.Reset();
            _options.Failed?.Invoke(exception, TimeSpan.Zero);
        }
    }

    private async Task WatchAsync(string from, CancellationToken cancellationToken)
    {
        var start = _client.Time.GetTimestamp();
        var options = new WatchOptions
        {
            Objects = _options.Objects,
            ResourceVersion = from,
            Timeout = _options.WatchTimeout * (1 + Random.Shared.NextDouble()),
            Grace = _options.WatchGrace,
        };
        try
        {
            await foreach (var change in _client.WatchAsync(_kind, options, cancellationToken))
            {
                if (change.Type == WatchEventType.Error)
                {
                    _version = null;
                    var status = change.Status ?? new Status();
                    throw new KubernetesException(status, (HttpStatusCode)(status.Code ?? 500));
                }

                Take(change);
                _version = change.ResourceVersion;
            }
        }
        finally
        {
            if (Lived() >= s_shortestWatch)
            {
                _backoff.Reset();
            }
        }

        if (Lived() < s_shortestWatch)
        {
            throw new KubernetesException($"the watch of {_kind.Plural} ended at once");
        }

        TimeSpan Lived() => _client.Time.GetElapsedTime(start);
    }

    private void Take(WatchEvent<T> change)
    {
        if (change.Resource is not { } changed)
        {
            return;
        }

        lock (_lock)
        {
            _items = change.Type == WatchEventType.Deleted ? _items.Remove(changed.Key) : _items.SetItem(changed.Key, _trim(changed));
            Tell(changed.Key);
        }
    }

    private void Replace(IReadOnlyList<T> items)
    {
        lock (_lock)
        {
            var before = _items;
            _items = _items.Clear().SetItems(items.Select(item => KeyValuePair.Create(item.Key, item)));
            foreach (var (key, item) in _items)
            {
                if (before.GetValueOrDefault(key)?.Metadata is not { } old || old.ResourceVersion != item.Metadata.ResourceVersion || old.Uid != item.Metadata.Uid)
                {
                    Tell(key);
                }
            }

            // What went while nobody was watching.
            foreach (var key in before.Keys.Where(key => !_items.ContainsKey(key)))
            {
                Tell(key);
            }
        }
    }

    private void Tell(NamespacedName key)
    {
        foreach (var handler in _handlers)
        {
            handler(key);
        }
    }
}
