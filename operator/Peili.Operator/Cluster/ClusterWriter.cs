using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Operator.Resources;

namespace Peili.Operator.Cluster;

/// <summary>Everything the operator writes goes through here, 20 writes a second at most, so that a large cluster's API server does not notice.</summary>
internal sealed class ClusterWriter(KubernetesClient client) : IDisposable
{
    /// <summary>Who owns what the operator writes.</summary>
    public const string FieldManager = "peili-operator";

    private const int WritesPerSecond = 20;

    private readonly TokenBucketRateLimiter _budget = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = WritesPerSecond / 10,
        TokensPerPeriod = WritesPerSecond / 10,
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private long _writes;

    /// <summary>How many writes there were.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Server-side apply of an object whose fields are these.</summary>
    /// <exception cref="KubernetesException">The server refused it, or did not answer.</exception>
    public Task<KubernetesObject> ApplyAsync(ResourceKind<KubernetesObject> kind, JsonObject applied, CancellationToken cancellationToken, string? subresource = null) =>
        ApplyAsync(kind, applied.Deserialize(OperatorJson.Default.KubernetesObject)!, cancellationToken, subresource);

    /// <inheritdoc cref="ApplyAsync(ResourceKind{KubernetesObject}, JsonObject, CancellationToken, string?)"/>
    public async Task<T> ApplyAsync<T>(ResourceKind<T> kind, T applied, CancellationToken cancellationToken, string? subresource = null)
        where T : KubernetesObject
    {
        await WaitAsync(cancellationToken);
        return await client.ApplyAsync(kind, applied, FieldManager, cancellationToken, subresource: subresource);
    }

    /// <summary>Creates an object.</summary>
    /// <exception cref="KubernetesException">It is there already, or the server refused it, or did not answer.</exception>
    public async Task<T> CreateAsync<T>(ResourceKind<T> kind, JsonObject created, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        await WaitAsync(cancellationToken);
        return await client.CreateAsync(kind, created.Deserialize(kind.TypeInfo)!, cancellationToken);
    }

    /// <summary>Changes an object; null where there is none.</summary>
    /// <exception cref="KubernetesException">The server refused it, or did not answer.</exception>
    public async Task<T?> PatchAsync<T>(ResourceKind<T> kind, NamespacedName key, Patch patch, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        await WaitAsync(cancellationToken);
        return await client.PatchAsync(kind, key, patch, cancellationToken);
    }

    /// <summary>Deletes an object; false where there is none.</summary>
    /// <exception cref="KubernetesException">The server refused it, or did not answer.</exception>
    public async Task<bool> DeleteAsync<T>(ResourceKind<T> kind, NamespacedName key, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        await WaitAsync(cancellationToken);
        return await client.DeleteAsync(kind, key, cancellationToken);
    }

    /// <summary>Puts the finalizer on an object, or takes it off.</summary>
    /// <exception cref="KubernetesException">The server refused it, or did not answer.</exception>
    public async Task<T?> SetFinalizerAsync<T>(ResourceKind<T> kind, T on, string finalizer, bool isWanted, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        if (on.Metadata.Finalizers?.Contains(finalizer) == true == isWanted)
        {
            return on;
        }

        await WaitAsync(cancellationToken);
        return isWanted
            ? await client.AddFinalizerAsync(kind, on, finalizer, cancellationToken)
            : await client.RemoveFinalizerAsync(kind, on, finalizer, cancellationToken);
    }

    public void Dispose() => _budget.Dispose();

    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        using var lease = await _budget.AcquireAsync(1, cancellationToken);
        Interlocked.Increment(ref _writes);
    }
}
