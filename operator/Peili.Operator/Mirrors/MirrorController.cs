using Peili.Crds;
using Peili.Flavors;
using Peili.Kubernetes.Events;
using Peili.Kubernetes.Models;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Nodes;
using Peili.Operator.Resources;

namespace Peili.Operator.Mirrors;

/// <summary>Keeps a RegistryMirror's DaemonSets and its status, and lets it go when its nodes are given back.</summary>
internal sealed partial class MirrorController(
    ClusterCache cache,
    ClusterWriter writer,
    AppliedObjects applied,
    NodeAssignments assignments,
    FlavorCatalog flavors,
    Remediation remediation,
    EventRecorder events,
    OperatorOptions options,
    TimeProvider time,
    ILogger<MirrorController> logger)
{
    /// <summary>Holds a deleted RegistryMirror until its nodes are as they were.</summary>
    public const string Finalizer = "peili.dev/restore-nodes";

    private static readonly TimeSpan s_whileLeaving = TimeSpan.FromSeconds(2);

    /// <summary>Brings everything of a RegistryMirror to where it should be.</summary>
    /// <returns>After what time to look again; null for when something changes.</returns>
    public async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken cancellationToken)
    {
        if (cache.Mirrors.Items.GetValueOrDefault(new NamespacedName(null, name)) is not { } mirror)
        {
            return null;
        }

        var isDeleted = mirror.Metadata.DeletionTimestamp is not null;
        if (!isDeleted && !(mirror.Metadata.Finalizers ?? []).Contains(Finalizer))
        {
            // Before the first effect; the informer brings it back with it.
            await writer.SetFinalizerAsync(CrdKinds.RegistryMirror, mirror, Finalizer, isWanted: true, cancellationToken);
            return null;
        }

        var all = assignments.All().ToArray();
        var has = all.Where(node => node.Assignment.Mirror == name).Select(node => (node.Node, node.Assignment.Flavor, StatusOf(node.Node, name))).ToArray();
        var leaving = all.Where(node => node.Node.Mirror == name && !NodeLabels.Match(node.Node, node.Assignment)).Select(node => node.Node.Name).ToArray();
        var image = mirror.Spec.Agent.Image.Length > 0 ? mirror.Spec.Agent.Image : options.AgentImage;
        var missing = new HashSet<string>(StringComparer.Ordinal);
        var wanted = 0;
        var remedy = default(RemediationState);
        if (isDeleted)
        {
            if (await LetGoAsync(mirror, all.Select(node => node.Node), cancellationToken))
            {
                return null;
            }
        }
        else if (MirrorState.MayChange(mirror))
        {
            wanted = await KeepDaemonSetsAsync(mirror, has, image, missing, cancellationToken);
            remedy = await remediation.AdvanceAsync(mirror, has, image, cancellationToken);
        }

        var sets = SetsOf(name);
        var seen = new MirrorObservation(
            mirror,
            MirrorState.Errors(mirror),
            missing,
            has,
            [.. all.Where(node => node.Assignment.Losers.Contains(name)).Select(node => (node.Node.Name, node.Assignment.Mirror!))],
            sets,
            MirrorState.MayChange(mirror) ? wanted : sets.Count,
            [.. cache.Pods.Items.Values.Where(pod => pod.Metadata.Labels?.GetValueOrDefault(Node.MirrorLabel) == name && pod.Metadata.Labels.ContainsKey(Node.FlavorLabel))],
            leaving,
            remedy,
            options.Namespace,
            cache.Namespaces.Items.GetValueOrDefault(new NamespacedName(null, options.Namespace))?.Metadata.Labels?.GetValueOrDefault(PodSecurity.Enforce) ?? "");
        await KeepStatusAsync(seen, cancellationToken);
        return isDeleted || leaving.Length > 0 ? s_whileLeaving : null;
    }

    /// <summary>Applies a DaemonSet for each flavor, and deletes those of flavors that no node has any more.</summary>
    /// <returns>How many there are to be.</returns>
    private async Task<int> KeepDaemonSetsAsync(
        RegistryMirror mirror, IReadOnlyList<(Node Node, Flavor Flavor, NodeMirrorStatusStatus? Status)> nodes, string image, HashSet<string> missing, CancellationToken cancellationToken)
    {
        var name = mirror.Metadata.Name!;
        var configuration = MirrorConfiguration.Render(mirror, cache.Secrets, options.Namespace, missing);
        var needed = nodes.Select(node => node.Flavor).Where(flavor => flavor.Verdict != FlavorVerdict.Unsupported).Distinct().ToArray();
        if (missing.Count > 0)
        {
            return needed.Length;
        }

        if (configuration is not null)
        {
            await applied.KeepAsync(Kinds.Secret, configuration, cache.Secrets, cancellationToken);
        }

        foreach (var flavor in needed)
        {
            var hash = configuration is null ? null : AppliedObjects.HashOf(configuration["data"]!.AsObject());
            await applied.KeepAsync(
                Kinds.DaemonSet, AgentDaemonSet.Render(mirror, flavor, flavors.Unknown, image, options.Namespace, hash), cache.DaemonSets, cancellationToken);
        }

        // Not before the last node of a flavor is released: its label goes then.
        foreach (var set in SetsOf(name).Where(set => needed.All(flavor => AgentDaemonSet.NameOf(name, flavor.Name) != set.Metadata.Name)))
        {
            var flavor = set.Metadata.Labels?.GetValueOrDefault(Node.FlavorLabel);
            if (!cache.Nodes.Items.Values.Any(node => node.Mirror == name && node.Flavor == flavor))
            {
                await writer.DeleteAsync(Kinds.DaemonSet, set.Key, cancellationToken);
            }
        }

        return needed.Length;
    }

    /// <summary>Lets a deleted RegistryMirror go, once no node has its label.</summary>
    private async Task<bool> LetGoAsync(RegistryMirror mirror, IEnumerable<Node> nodes, CancellationToken cancellationToken)
    {
        var name = mirror.Metadata.Name!;
        if (nodes.Any(node => node.Mirror == name))
        {
            return false;
        }

        foreach (var set in SetsOf(name))
        {
            await writer.DeleteAsync(Kinds.DaemonSet, set.Key, cancellationToken);
        }

        await writer.DeleteAsync(Kinds.Secret, new NamespacedName(options.Namespace, MirrorConfiguration.NameOf(name)), cancellationToken);
        foreach (var pod in cache.Pods.Items.Values.Where(pod => pod.Metadata.Labels?.GetValueOrDefault(Node.MirrorLabel) == name && pod.Metadata.Labels.ContainsKey(Node.FlavorLabel) == false))
        {
            await writer.DeleteAsync(Kinds.Pod, pod.Key, cancellationToken);
        }

        await writer.SetFinalizerAsync(CrdKinds.RegistryMirror, mirror, Finalizer, isWanted: false, cancellationToken);
        LogGone(name);
        return true;
    }

    private async Task KeepStatusAsync(MirrorObservation seen, CancellationToken cancellationToken)
    {
        var before = seen.Mirror.Status;
        var status = MirrorStatusReport.Of(seen, time.GetUtcNow());
        if (before is not null && StatusJson.Same(before, status, CrdJson.Default.RegistryMirrorStatus))
        {
            return;
        }

        TellOfChanges(seen.Mirror, before, status);
        await writer.ApplyStatusAsync(CrdKinds.RegistryMirror, seen.Mirror.Metadata.Name!, status, CrdJson.Default.RegistryMirrorStatus, cancellationToken);
    }

    /// <summary>An Event for each condition that became another one and that a person must know of.</summary>
    private void TellOfChanges(RegistryMirror mirror, RegistryMirrorStatus? before, RegistryMirrorStatus status)
    {
        foreach (var condition in status.Conditions)
        {
            var old = before?.Conditions.FirstOrDefault(other => other.Type == condition.Type);
            var isBad = condition is { Type: MirrorConditions.Degraded or MirrorConditions.Conflicted, Status: "True" } or { Type: MirrorConditions.PodSecurityReady, Status: "False" };
            var isGood = condition is { Type: MirrorConditions.Ready, Status: "True" };
            if ((isBad || isGood) && (old?.Status != condition.Status || old.Reason != condition.Reason))
            {
                events.Record(CrdKinds.RegistryMirror, mirror, isBad, condition.Reason, "Reconcile", condition.Message);
            }
        }
    }

    private IReadOnlyList<DaemonSet> SetsOf(string mirror) => [.. cache.DaemonSets.Items.Values.Where(set => set.Metadata.Labels?.GetValueOrDefault(Node.MirrorLabel) == mirror)];

    // What a node said of the RegistryMirror that had it before says nothing of this one.
    private NodeMirrorStatusStatus? StatusOf(Node node, string mirror) =>
        cache.Statuses.Items.GetValueOrDefault(new NamespacedName(null, node.Name))?.Status is { } status && status.Mirror == mirror ? status : null;

    [LoggerMessage(EventId = 500, Level = LogLevel.Information, Message = "RegistryMirror {Name} has given all its nodes back")]
    private partial void LogGone(string name);
}
