using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Kubernetes.Events;

/// <summary>
/// Writes events (events.k8s.io/v1) about objects. An event that is seen again becomes a series: one object that counts. Recording never
/// waits; when the server cannot keep up, events are dropped.
/// </summary>
public sealed class EventRecorder
{
    // Servers up to 1.20 want it there for an object of the whole cluster; newer ones take "default" as well.
    private const string NamespaceOfClusterObjects = "kube-system";
    private const int MaxWaiting = 1000;
    private const int MaxSeries = 4096;
    private const int MaxNote = 1024;
    private const int MaxNamePrefix = 200;

    private readonly KubernetesClient _client;
    private readonly EventRecorderOptions _options;
    private readonly Channel<(EventKey Key, EventsV1Event Event)> _waiting =
        Channel.CreateBounded<(EventKey, EventsV1Event)>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Dictionary<EventKey, RecordedSeries> _series = [];

    /// <summary>Makes a recorder; <see cref="RunAsync"/> does the writing.</summary>
    public EventRecorder(KubernetesClient client, EventRecorderOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _options) = (client, options);
    }

    /// <summary>Records that something happened to an object.</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="regarding">The object.</param>
    /// <param name="isWarning">Whether a person should look.</param>
    /// <param name="reason">Why, for a program: one word in CamelCase.</param>
    /// <param name="action">What was done or tried, one word in CamelCase.</param>
    /// <param name="note">What happened, for a person; at most 1024 characters of it are kept.</param>
    public void Record<T>(ResourceKind<T> kind, T regarding, bool isWarning, string reason, string action, string note)
        where T : KubernetesObject
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(regarding);
        ArgumentNullException.ThrowIfNull(note);
        var (meta, type) = (regarding.Metadata, isWarning ? "Warning" : "Normal");
        var kept = note.Length <= MaxNote ? note : note[..MaxNote];
        var now = _client.Time.GetUtcNow();
        var recorded = new EventsV1Event
        {
            Metadata = new ObjectMeta { Namespace = meta.Namespace ?? NamespaceOfClusterObjects, Name = NameFor(meta.Name ?? "") },
            EventTime = now,
            ReportingController = _options.Controller,
            ReportingInstance = _options.Instance,
            Type = type,
            Reason = reason,
            Action = action,
            Note = kept,
            Regarding = new ObjectReference
            {
                ApiVersion = kind.ApiVersion,
                Kind = kind.Kind,
                Namespace = meta.Namespace,
                Name = meta.Name,
                Uid = meta.Uid,
                ResourceVersion = meta.ResourceVersion,
            },
        };
        _waiting.Writer.TryWrite((new EventKey(meta.Uid, meta.Name, type, reason, action, kept), recorded));
    }

    /// <summary>Writes what is recorded, until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var flush = Task.Delay(_options.FlushInterval, _client.Time, cancellationToken);
            while (true)
            {
                // A wait that was cancelled is over like any other, and would be over again at once.
                cancellationToken.ThrowIfCancellationRequested();
                var more = _waiting.Reader.WaitToReadAsync(cancellationToken).AsTask();
                if (await Task.WhenAny(more, flush) == flush)
                {
                    await flush;
                    await FlushAsync(cancellationToken);
                    flush = Task.Delay(_options.FlushInterval, _client.Time, cancellationToken);
                }

                while (_waiting.Reader.TryRead(out var next))
                {
                    await TakeAsync(next.Key, next.Event, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task TakeAsync(EventKey key, EventsV1Event recorded, CancellationToken cancellationToken)
    {
        var seenAt = recorded.EventTime!.Value;
        if (_series.TryGetValue(key, out var series) && seenAt - series.LastSeen < _options.SeriesTimeout)
        {
            series.Count++;
            series.LastSeen = seenAt;
            return;
        }

        if (_series.Count >= MaxSeries)
        {
            _series.Remove(_series.MinBy(entry => entry.Value.LastSeen).Key);
        }

        _series[key] = new RecordedSeries(recorded.Key, seenAt);
        await TryAsync(() => _client.CreateAsync(EventsV1Event.ResourceKind, recorded, cancellationToken));
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var now = _client.Time.GetUtcNow();
        foreach (var (key, series) in _series.ToList())
        {
            if (series.Count > series.Written)
            {
                series.Written = series.Count;
                await TryAsync(() => _client.PatchAsync(EventsV1Event.ResourceKind, series.Key, SeriesOf(series), cancellationToken));
            }
            else if (now - series.LastSeen >= _options.SeriesTimeout)
            {
                _series.Remove(key);
            }
        }
    }

    // An event that is gone meanwhile was old; one that was never written stays unwritten. Both are no loss worth an effort.
    private async Task TryAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception exception) when (exception is KubernetesException or KubeConfigException)
        {
            _options.Failed?.Invoke(exception);
        }
    }

    private static Patch SeriesOf(RecordedSeries series) => Patch.Merge(new JsonObject
    {
        ["series"] = JsonSerializer.SerializeToNode(
            new EventSeries(series.Count, series.LastSeen), Serialization.ModelJson.Default.EventSeries),
    });

    private static string NameFor(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{(name.Length <= MaxNamePrefix ? name : name[..MaxNamePrefix]).TrimEnd('.', '-')}.{Guid.NewGuid():N}");
}
