using System.Collections.Concurrent;
using Peili.AgentApi;
using Peili.Crds;
using Peili.Kubernetes.Events;
using Peili.Kubernetes.Models;
using Peili.Operator.Agents;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Mirrors;
using Peili.Operator.Resources;

namespace Peili.Operator.Nodes;

/// <summary>Brings a node to its RegistryMirror and away from it, and keeps its NodeMirrorStatus.</summary>
internal sealed partial class NodeController(
    ClusterCache cache,
    ClusterWriter writer,
    NodeAssignments assignments,
    AgentReports reports,
    AgentAddresses addresses,
    AgentClient agents,
    AgentPoller poller,
    StartupTaint taint,
    EventRecorder events,
    OperatorOptions options,
    TimeProvider time,
    ILogger<NodeController> logger)
{
    /// <summary>How long an agent that is to be left may be silent.</summary>
    private static readonly TimeSpan s_releasePatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _leavingSince = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _moved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _countersWritten = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Over, NodeMirrorStatusStatus Status)> _written = new(StringComparer.Ordinal);

    /// <summary>Brings everything of a node to where it should be.</summary>
    /// <returns>After what time to look again; null for when something changes.</returns>
    public async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken cancellationToken)
    {
        if (cache.Nodes.Items.GetValueOrDefault(new NamespacedName(null, name)) is not { } node)
        {
            await ForgetAsync(name, cancellationToken);
            return null;
        }

        var assignment = assignments.Of(node);
        if (!NodeLabels.Match(node, assignment))
        {
            return await MoveAsync(node, assignment, cancellationToken);
        }

        _leavingSince.TryRemove(name, out _);
        var report = reports.Of(name);
        var owner = assignment.Mirror is { } mirror ? cache.Mirrors.Items.GetValueOrDefault(new NamespacedName(null, mirror)) : null;
        if (owner is null)
        {
            await ForgetAsync(name, cancellationToken);
        }
        else
        {
            await KeepStatusAsync(node, assignment, report, cancellationToken);
            if (MirrorState.IsPaused(owner))
            {
                return null;
            }

            await InstructAsync(node, report, cancellationToken);
        }

        return await taint.SettleAsync(node, assignment, owner?.Spec.StartupTaint ?? StartupTaintMode.Remove, report, cancellationToken);
    }

    /// <summary>Has the agent that the node had give it back, before the labels say otherwise and the pod goes.</summary>
    private async Task<TimeSpan?> MoveAsync(Node node, NodeAssignment assignment, CancellationToken cancellationToken)
    {
        // It was moved already, and what the informer has of it is older than that.
        if (_moved.TryGetValue(node.Name, out var version) && version == node.Metadata.ResourceVersion)
        {
            return s_retry;
        }

        if (node.Mirror is { } left && HadAgent(node) && addresses.Of(node) is { } agent)
        {
            try
            {
                foreach (var file in await agents.ReleaseAsync(agent, cancellationToken))
                {
                    events.Record(Kinds.Node, node, isWarning: true, "HostsLeft", "Release", $"containerd's hosts could not be put back: {file}");
                }

                // What it said before is no longer so, and says nothing of who has the node next.
                reports.Remove(node.Name);
                LogReleased(node.Name, left);
            }
            catch (AgentUnreachableException exception)
            {
                var since = _leavingSince.GetOrAdd(node.Name, time.GetUtcNow());
                if (time.GetUtcNow() - since < s_releasePatience)
                {
                    return s_retry;
                }

                events.Record(
                    Kinds.Node,
                    node,
                    isWarning: true,
                    "NotReleased",
                    "Release",
                    $"The agent does not answer ({exception.Message}), so containerd's hosts were not put back; when the node is up again, run there: peili-agent cleanup");
            }
        }

        await NodeLabels.SetAsync(writer, node, assignment, cancellationToken);
        _leavingSince.TryRemove(node.Name, out _);
        _moved[node.Name] = node.Metadata.ResourceVersion!;
        return null;
    }

    /// <summary>Whether an agent may have written containerd's hosts there.</summary>
    private bool HadAgent(Node node) =>
        reports.Of(node.Name)?.Reply is not null || cache.AgentPodOn(node.Name) is not null || StatusOf(node.Name)?.Status?.Agent is not null;

    /// <summary>Tells the agent what it must know from here: that the node is to be mirrored, and its zone.</summary>
    private async Task InstructAsync(Node node, AgentReport? report, CancellationToken cancellationToken)
    {
        // The agent of the flavor before may still be there, and be about to go.
        if (report is not { IsReachable: true, Reply: { } reply } || addresses.Of(node) is not { } agent || reply.Check?.Flavor != node.Flavor)
        {
            return;
        }

        var isElsewhere = node.Zone.Length > 0 && reply.Zone != node.Zone;
        if (reply.Released)
        {
            await agents.AcquireAsync(agent, cancellationToken);
            LogAcquired(node.Name, node.Mirror!);
        }

        if (isElsewhere)
        {
            await agents.SetNodeAsync(agent, node.Zone, cancellationToken);
        }

        // What is known of it is no longer so, and nothing is to be told twice.
        if (reply.Released || isElsewhere)
        {
            await poller.AskAsync(node.Name, agent, cancellationToken);
        }
    }

    private async Task KeepStatusAsync(Node node, NodeAssignment assignment, AgentReport? report, CancellationToken cancellationToken)
    {
        var standing = StatusOf(node.Name);
        var before = standing?.Status;
        if (_written.TryGetValue(node.Name, out var written))
        {
            // What was written has not come back yet.
            if (standing?.Metadata.ResourceVersion == written.Over)
            {
                before = written.Status;
            }
            else
            {
                _written.TryRemove(node.Name, out _);
            }
        }

        // A moment later the agent has been asked: a row that says no more than that it was not is a write too many for each of thousands of nodes. And an operator that has
        // just begun knows less than the one before it: what that one wrote stands so long.
        if (assignment.HasAgent && report is null && addresses.Of(node) is not null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var enforce = cache.Namespaces.Items.GetValueOrDefault(new NamespacedName(null, options.Namespace))?.Metadata.Labels?.GetValueOrDefault(PodSecurity.Enforce) ?? "";
        var seen = new NodeObservation(
            node, assignment, assignment.HasAgent ? report : null, reports.Members.GetValueOrDefault(node.Name), reports.Count, cache.AgentPodOn(node.Name), enforce);
        var status = NodeStatusReport.Of(seen, before, now);
        if (before is not null && !IsWorthWriting(node.Name, before, status, now))
        {
            return;
        }

        var over = (standing ?? await writer.ApplyAsync(CrdKinds.NodeMirrorStatus, new NodeMirrorStatus { Metadata = OwnedBy(node) }, cancellationToken)).Metadata.ResourceVersion!;
        await writer.ApplyStatusAsync(CrdKinds.NodeMirrorStatus, node.Name, status, CrdJson.Default.NodeMirrorStatusStatus, cancellationToken);
        _written[node.Name] = (over, status);
        _countersWritten[node.Name] = now;
    }

    private bool IsWorthWriting(string node, NodeMirrorStatusStatus before, NodeMirrorStatusStatus status, DateTimeOffset now)
    {
        if (Same(before, status))
        {
            return false;
        }

        var count = reports.Count;
        return !Same(NodeStatusReport.WithoutCounters(before), NodeStatusReport.WithoutCounters(status))
            || (count <= AgentPoller.SmallCluster && before.Overlay?.Alive != status.Overlay?.Alive)
            || now - _countersWritten.GetOrAdd(node, DateTimeOffset.UnixEpoch) >= AgentPoller.CounterInterval(count);
    }

    private static bool Same(NodeMirrorStatusStatus one, NodeMirrorStatusStatus other) => StatusJson.Same(one, other, CrdJson.Default.NodeMirrorStatusStatus);

    private async Task ForgetAsync(string name, CancellationToken cancellationToken)
    {
        reports.Remove(name);
        _countersWritten.TryRemove(name, out _);
        _written.TryRemove(name, out _);
        _leavingSince.TryRemove(name, out _);
        _moved.TryRemove(name, out _);
        if (StatusOf(name) is { } status)
        {
            await writer.DeleteAsync(CrdKinds.NodeMirrorStatus, status.Key, cancellationToken);
        }
    }

    private NodeMirrorStatus? StatusOf(string node) => cache.Statuses.Items.GetValueOrDefault(new NamespacedName(null, node));

    private static ObjectMeta OwnedBy(Node node) => new()
    {
        Name = node.Name,
        OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = "Node", Name = node.Name, Uid = node.Metadata.Uid! }],
    };

    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Node {Node} is released by RegistryMirror {Mirror}")]
    private partial void LogReleased(string node, string mirror);

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "Node {Node} is acquired for RegistryMirror {Mirror}")]
    private partial void LogAcquired(string node, string mirror);
}
