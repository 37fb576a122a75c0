using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Flavors;
using Peili.Kubernetes.Events;
using Peili.Kubernetes.Rest;
using Peili.Operator.Agents;
using Peili.Operator.Cluster;
using Peili.Operator.Resources;

namespace Peili.Operator.Nodes;

/// <summary>Takes the startup taint off a node that waits for nothing any more.</summary>
internal sealed class StartupTaint(ClusterWriter writer, EventRecorder events, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes it off, where it is there and it is time.</summary>
    /// <returns>After what time to look again; null for when something changes.</returns>
    public async Task<TimeSpan?> SettleAsync(Node node, NodeAssignment assignment, StartupTaintMode mode, AgentReport? report, CancellationToken cancellationToken)
    {
        if (!node.HasStartupTaint || mode == StartupTaintMode.Ignore)
        {
            _seen.TryRemove(node.Name, out _);
            return null;
        }

        var waited = time.GetUtcNow() - _seen.GetOrAdd(node.Name, time.GetUtcNow());
        var (reason, note) = assignment switch
        {
            { Mirror: null } => ("NotSelected", "no RegistryMirror selects the node"),
            { Flavor.Verdict: FlavorVerdict.Unsupported } => ("Unsupported", $"there is no agent for {assignment.Flavor.Title}"),
            _ when report is { IsReachable: true, Reply.NotReady: "" } => ("AgentReady", "the agent serves"),
            _ when waited >= s_patience => ("WaitedLongEnough", $"the agent does not serve after {s_patience.TotalMinutes:0} minutes; pods are not to wait longer for it"),
            _ => ("", ""),
        };
        if (reason.Length == 0)
        {
            return s_patience - waited;
        }

        await RemoveAsync(node, cancellationToken);
        events.Record(Kinds.Node, node, reason == "WaitedLongEnough", reason, "RemoveStartupTaint", $"Took the taint {Node.StartupTaint} off: {note}");
        return null;
    }

    private Task<Node?> RemoveAsync(Node node, CancellationToken cancellationToken)
    {
        // From behind, so that the places of those before stay; each is tested to be what it was.
        var operations = new JsonArray();
        foreach (var (taint, index) in node.Spec!.Taints!.Select((taint, index) => (taint, index)).Reverse().Where(entry => entry.taint.Key == Node.StartupTaint))
        {
            operations.Add((JsonNode)new JsonObject { ["op"] = "test", ["path"] = $"/spec/taints/{index}/key", ["value"] = taint.Key });
            operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = $"/spec/taints/{index}" });
        }

        return writer.PatchAsync(Kinds.Node, node.Key, Patch.Json(operations), cancellationToken);
    }
}
