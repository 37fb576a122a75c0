using System.Collections.Concurrent;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Queues;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;
using Peili.Kubernetes.Watching;

namespace Peili.Kubernetes.Tests.Faults;

/// <summary>A controller as they are written: two informers, a queue, and work that looks at what there is. It keeps a copy of each source.</summary>
internal sealed class CopyController : IDisposable
{
    private const int Workers = 4;

    private readonly KubernetesClient _client;
    private readonly string _namespace;
    private readonly WorkQueue<string> _queue = new();

    public CopyController(KubernetesClient client, string inNamespace, InformerOptions options)
    {
        (_client, _namespace) = (client, inNamespace);
        options = options with { Failed = (exception, _) => Failures.Enqueue(exception) };
        Sources = new Informer<ConfigMap>(client, ConfigMap.ResourceKind, options with { Objects = Of("source") });
        Copies = new Informer<ConfigMap>(client, ConfigMap.ResourceKind, options with { Objects = Of("copy") });
        Sources.Subscribe(key => _queue.Add(key.Name));
        Copies.Subscribe(key => _queue.Add(key.Name["copy-".Length..]));
    }

    public Informer<ConfigMap> Sources { get; }

    public Informer<ConfigMap> Copies { get; }

    /// <summary>What the work saw of each source when it looked last; null for nothing.</summary>
    public ConcurrentDictionary<string, string?> Seen { get; } = new();

    public ConcurrentQueue<Exception> Failures { get; } = [];

    public ListOptions Of(string role) => new() { Namespace = _namespace, LabelSelector = $"role={role}" };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var informers = Task.WhenAll(Sources.RunAsync(cancellationToken), Copies.RunAsync(cancellationToken));
        await Task.WhenAll(Sources.WaitForSyncAsync(cancellationToken), Copies.WaitForSyncAsync(cancellationToken));
        await Task.WhenAll(informers, _queue.RunAsync(Workers, ReconcileAsync, (_, exception) => Failures.Enqueue(exception), cancellationToken));
    }

    public void Dispose() => _queue.Dispose();

    private async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken cancellationToken)
    {
        var source = Sources.Items.GetValueOrDefault(new NamespacedName(_namespace, name));
        var copy = Copies.Items.GetValueOrDefault(new NamespacedName(_namespace, $"copy-{name}"));
        Seen[name] = source?.Metadata.ResourceVersion;
        if (source is null)
        {
            if (copy is not null)
            {
                await _client.DeleteAsync(ConfigMap.ResourceKind, copy.Key, cancellationToken);
            }
        }
        else if (copy is null)
        {
            await _client.CreateAsync(ConfigMap.ResourceKind, ConfigMap.Of(_namespace, $"copy-{name}", source.Data!["value"], "copy"), cancellationToken);
        }
        else if (copy.Data!["value"] != source.Data!["value"])
        {
            await _client.ReplaceAsync(ConfigMap.ResourceKind, copy with { Data = source.Data }, cancellationToken);
        }

        return null;
    }
}
