using System.Text.Json.Nodes;
using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Rest;

/// <summary>Puts a finalizer on an object and takes it off. Another writer in between is a conflict: the caller looks again.</summary>
public static class Finalizers
{
    /// <summary>Puts it on, unless it is there or the object is being deleted. Returns the object as it is then; null where it is gone.</summary>
    /// <exception cref="KubernetesException">The object is no longer the version that was given, among other reasons.</exception>
    public static Task<T?> AddFinalizerAsync<T>(
        this KubernetesClient client, ResourceKind<T> kind, T to, string finalizer, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        to.Metadata.DeletionTimestamp is not null || to.Metadata.Finalizers?.Contains(finalizer) == true
            ? Task.FromResult<T?>(to)
            : SetAsync(client, kind, to, [.. to.Metadata.Finalizers ?? [], finalizer], cancellationToken);

    /// <summary>Takes it off, wherever it stands among others. Returns the object as it is then; null where it is gone.</summary>
    /// <inheritdoc cref="AddFinalizerAsync"/>
    public static Task<T?> RemoveFinalizerAsync<T>(
        this KubernetesClient client, ResourceKind<T> kind, T from, string finalizer, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        from.Metadata.Finalizers?.Contains(finalizer) != true
            ? Task.FromResult<T?>(from)
            : SetAsync(client, kind, from, from.Metadata.Finalizers.Where(other => other != finalizer), cancellationToken);

    private static Task<T?> SetAsync<T>(
        KubernetesClient client, ResourceKind<T> kind, T of, IEnumerable<string> finalizers, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        client.PatchAsync(
            kind,
            of.Key,
            Patch.Merge(new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = of.Metadata.ResourceVersion,
                    ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => JsonValue.Create(finalizer))]),
                },
            }),
            cancellationToken);
}
