using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Watching;

namespace Peili.Operator.Cluster;

/// <summary>
/// Keeps objects as they were rendered: applies them when what was rendered changed, when they are gone, and when somebody changed them. What others own in them stays.
/// </summary>
internal sealed class AppliedObjects(ClusterWriter writer)
{
    private readonly ConcurrentDictionary<(string Kind, NamespacedName Key), (string Rendered, string Seen)> _applied = new();

    /// <summary>Applies the object unless it stands as it was applied last.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="rendered">The operator's own fields, all of them.</param>
    /// <param name="live">The informer that follows the kind.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KubernetesException">The server refused it, or did not answer.</exception>
    public async Task KeepAsync<T>(ResourceKind<T> kind, JsonObject rendered, Informer<T> live, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        var any = ResourceKinds.Any(kind.Group, kind.Version, kind.Plural, kind.Kind, kind.IsNamespaced);
        var metadata = rendered["metadata"]!;
        var key = new NamespacedName(metadata["namespace"]?.GetValue<string>(), metadata["name"]!.GetValue<string>());
        var hash = HashOf(rendered);
        var entry = (kind.Kind, key);
        if (live.Items.GetValueOrDefault(key) is { } standing && _applied.TryGetValue(entry, out var last) && last == (hash, SeenOf(standing.Metadata)))
        {
            return;
        }

        var applied = await writer.ApplyAsync(any, rendered, cancellationToken);
        _applied[entry] = (hash, SeenOf(applied.Metadata));
    }

    /// <summary>What tells two renderings apart.</summary>
    public static string HashOf(JsonObject rendered) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(rendered.ToJsonString())))[..16];

    // Where there is a generation, status does not count.
    private static string SeenOf(ObjectMeta metadata) => $"{metadata.Uid} {(metadata.Generation is { } generation ? $"{generation}" : metadata.ResourceVersion)}";
}
