using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Operator.Nodes;

namespace Peili.Operator.Mirrors;

/// <summary>The conditions of a RegistryMirror.</summary>
internal static class MirrorConditions
{
    public const string Ready = "Ready";
    public const string Progressing = "Progressing";
    public const string Degraded = "Degraded";
    public const string Conflicted = "Conflicted";
    public const string PodSecurityReady = "PodSecurityReady";

    /// <summary>All of them, on top of those there were.</summary>
    public static IReadOnlyList<Condition> Of(MirrorObservation seen, DateTimeOffset now)
    {
        IReadOnlyList<Condition> conditions = seen.Mirror.Status?.Conditions ?? [];
        var (degraded, progressing, conflicted, security) = (DegradedOf(seen), ProgressingOf(seen), ConflictedOf(seen), SecurityOf(seen));
        foreach (var condition in new[] { ReadyOf(seen, degraded, progressing), progressing, degraded, conflicted, security })
        {
            conditions = (condition with { ObservedGeneration = seen.Mirror.Metadata.Generation }).In(conditions, now);
        }

        return conditions;
    }

    private static Condition ReadyOf(MirrorObservation seen, Condition degraded, Condition progressing)
    {
        if (seen.Errors.Count > 0 || seen.Missing.Count > 0)
        {
            return Make(Ready, "False", degraded.Reason, degraded.Message);
        }

        var able = seen.Nodes.Where(node => node.Flavor.Verdict != Flavors.FlavorVerdict.Unsupported).ToArray();
        var notReady = able.Where(node => !IsReady(node.Status)).Select(node => node.Node.Name).ToArray();
        return seen.Nodes.Count == 0 ? Make(Ready, "False", "NoNodes", "No node is selected, or older RegistryMirrors have them all.")
            : able.Length == 0 ? Make(Ready, "False", nameof(Verdict.Unsupported), "None of the selected nodes can have an agent; status.flavors says why.")
            : notReady.Length > 0 ? Make(Ready, "False", progressing.Status == "True" ? progressing.Reason : "NodesNotReady", $"{notReady.Length} of {able.Length} nodes do not mirror: {Names.Of(notReady)}. kubectl get nodemirrorstatus says why.")
            : Make(Ready, "True", "Mirroring", $"All {able.Length} nodes mirror.");
    }

    private static Condition ProgressingOf(MirrorObservation seen)
    {
        if (MirrorState.IsPaused(seen.Mirror))
        {
            return Make(Progressing, "False", "Paused", $"Nothing is changed while the annotation {MirrorState.PausedAnnotation} is there.");
        }

        var unfinished = seen.DaemonSets.Where(set => !set.IsRolledOut).ToArray();
        return seen.Mirror.Metadata.DeletionTimestamp is not null ? Make(Progressing, "True", "Deleting", $"Nodes are given back: {Names.Of(seen.Leaving)}.")
            : seen.Errors.Count > 0 ? Make(Progressing, "False", "InvalidSpec", "Nothing is changed until the spec is right.")
            : seen.Leaving.Count > 0 ? Make(Progressing, "True", "LeavingNodes", $"Nodes are given back: {Names.Of(seen.Leaving)}.")
            : seen.DaemonSets.Count != seen.Wanted ? Make(Progressing, "True", "RollingOut", "The agents' DaemonSets are being made.")
            : unfinished.Length > 0 ? Make(
                Progressing,
                "True",
                "RollingOut",
                $"{unfinished.Sum(set => set.Status?.NumberAvailable ?? 0)} of {unfinished.Sum(set => set.Status?.DesiredNumberScheduled ?? 0)} agents of {Names.Of([.. unfinished.Select(set => set.Metadata.Name!)])} are available.")
            : seen.Remediation is { Running: { } node } remediation ? Make(Progressing, "True", "Remediating", $"Node {node} is being remedied; {remediation.Waiting} are to come.")
            : Make(Progressing, "False", "RolledOut", "Every agent is of the newest revision.");
    }

    private static Condition DegradedOf(MirrorObservation seen)
    {
        if (seen.Errors.Count > 0)
        {
            return Make(Degraded, "True", "InvalidSpec", string.Join("; ", seen.Errors));
        }

        if (seen.Missing.Count > 0)
        {
            return Make(Degraded, "True", "ReferenceMissing", $"Not there: {string.Join(", ", seen.Missing)}. Agents keep what they have.");
        }

        if (seen.Remediation is { Failed: { } failed } remediation)
        {
            return Make(Degraded, "True", "RemediationFailed", $"Remediation of node {failed} failed, the others wait: {remediation.Why} Mend it, then delete the pod {seen.Namespace}/{Remediation.PodNameOf(failed)} to go on.");
        }

        var broken = seen.Pods.Where(pod => !pod.IsReady && pod.Trouble is not null).ToArray();
        if (broken.Length > 0)
        {
            return Make(
                Degraded,
                "True",
                seen.DaemonSets.Any(set => !set.IsRolledOut) ? "RolloutStopped" : "AgentsFailing",
                $"Agents do not become ready on {Names.Of([.. broken.Select(pod => pod.Spec?.NodeName ?? "?")])}: {broken[0].Trouble}.");
        }

        var needing = seen.Nodes.Where(node => node.Status?.Verdict == Verdict.NeedsConfiguration).Select(node => node.Node.Name).ToArray();
        return needing.Length > 0
            ? Make(Degraded, "True", nameof(Verdict.NeedsConfiguration), $"containerd needs configuration on {Names.Of(needing)}; status.flavors says what to do.")
            : Make(Degraded, "False", "AsExpected", "Nothing is wrong.");
    }

    private static Condition ConflictedOf(MirrorObservation seen) =>
        seen.Lost.Count == 0
            ? Make(Conflicted, "False", "NoConflict", "No other RegistryMirror has nodes that this one selects.")
            : Make(
                Conflicted,
                "True",
                "NodesHeldByOther",
                $"Older RegistryMirrors have nodes that this one selects too: {Names.Of([.. seen.Lost.Select(lost => $"{lost.Node} ({lost.Winner})")])}. Narrow one of the node selectors.");

    private static Condition SecurityOf(MirrorObservation seen) =>
        seen.Enforce == PodSecurity.Privileged
            ? Make(PodSecurityReady, "True", "Privileged", $"Namespace {seen.Namespace} admits agents.")
            : Make(
                PodSecurityReady,
                "False",
                seen.Enforce.Length == 0 ? "NoLabel" : "TooStrict",
                $"Agents use the host's network and paths. Run: kubectl label namespace {seen.Namespace} {PodSecurity.Enforce}={PodSecurity.Privileged} --overwrite");

    private static bool IsReady(NodeMirrorStatusStatus? status) => status?.Conditions.Any(condition => condition is { Type: NodeConditions.Ready, Status: "True" }) == true;

    private static Condition Make(string type, string status, string reason, string message) => new() { Type = type, Status = status, Reason = reason, Message = Cut(message) };

    private static string Cut(string message) => message.Length <= 4096 ? message : message[..4096];
}
