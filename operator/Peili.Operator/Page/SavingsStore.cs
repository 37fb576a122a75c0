using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Hosting;
using Peili.Operator.Manifests;
using Peili.Operator.Resources;

namespace Peili.Operator.Page;

/// <summary>
/// Has every replica count savings, and another one go on with them: the leader keeps them in a ConfigMap, which it writes once a minute at most, and only when
/// bytes came; every replica reads it once, when it starts.
/// </summary>
internal sealed partial class SavingsStore(
    SavingsHistory history,
    KubernetesClient client,
    AppliedObjects applied,
    ClusterCache cache,
    Leadership leadership,
    OperatorOptions options,
    TimeProvider time,
    ILogger<SavingsStore> logger)
{
    /// <summary>The ConfigMap's name.</summary>
    public const string Name = "peili-savings";

    private const string Key = "buckets";

    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    private bool _isRestored;
    private string? _newest;

    /// <summary>Counts and keeps until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await cache.WaitForSyncAsync(cancellationToken);
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            await CountAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Counts once, and keeps what there is where this replica leads.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        history.Add();
        try
        {
            if (!_isRestored)
            {
                await RestoreAsync(cancellationToken);
                _isRestored = true;
            }

            if (leadership.IsLeading)
            {
                await KeepAsync(cancellationToken);
            }
        }
        catch (KubernetesException exception)
        {
            LogFailed(exception.Message);
        }
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var map = await client.GetAsync(Kinds.ConfigMap, new NamespacedName(options.Namespace, Name), cancellationToken);
        if (map?.Unknown?.TryGetValue("data", out var data) != true || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty(Key, out var text) || text.ValueKind != JsonValueKind.String)
        {
            return;
        }

        // Somebody else may have written there: what is no bucket is left out.
        var buckets = text.GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(SavingsHistory.MostBuckets).Select(SavingsBucket.Parse).OfType<SavingsBucket>().ToArray();
        history.Restore(buckets);
        _newest = buckets.LastOrDefault()?.ToLine();
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var lines = history.Read().Buckets.Where(bucket => bucket.FromPeers + bucket.FromLocal > 0).Select(bucket => bucket.ToLine()).ToArray();
        if (lines.Length == 0 || lines[^1] == _newest)
        {
            return;
        }

        var rendered = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["data"] = new JsonObject { [Key] = string.Join('\n', lines) + "\n" },
        }.Named(options.Namespace, Name);
        await applied.KeepAsync(Kinds.ConfigMap, rendered, cache.ConfigMaps, cancellationToken);
        _newest = lines[^1];
    }

    [LoggerMessage(EventId = 160, Level = LogLevel.Warning, Message = "What was saved is not kept in the cluster: {Reason}. It is tried again in a minute")]
    private partial void LogFailed(string reason);
}
