using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Flavors;
using Peili.Kubernetes.Events;
using Peili.Kubernetes.Rest;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Manifests;
using Peili.Operator.Resources;

namespace Peili.Operator.Mirrors;

/// <summary>
/// Has nodes that need configuration remedied, one at a time, by a pod each. All that it knows stands in these pods: a failed one stays, with its log, and stops the series
/// until somebody deletes it; one that succeeded stays until the agent finds its node compatible.
/// </summary>
internal sealed class Remediation(ClusterCache cache, ClusterWriter writer, EventRecorder events, OperatorOptions options)
{
    private const int LongestName = 253;
    private const string NodeAnnotation = "peili.dev/remediates";

    /// <summary>The name of the pod that remedies a node.</summary>
    public static string PodNameOf(string node) => $"peili-remediate-{node}" is var name && name.Length <= LongestName ? name : name[..LongestName].TrimEnd('-', '.');

    /// <summary>Goes on with it.</summary>
    /// <param name="mirror">Whose nodes they are.</param>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="image">The agents' image.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How far it is; null where the spec wants none and none is under way.</returns>
    public async Task<RemediationState?> AdvanceAsync(
        RegistryMirror mirror, IReadOnlyList<(Node Node, Flavor Flavor, NodeMirrorStatusStatus? Status)> nodes, string image, CancellationToken cancellationToken)
    {
        var pods = cache.Pods.Items.Values.Where(pod => pod.Metadata.Annotations?.ContainsKey(NodeAnnotation) == true && pod.Metadata.Labels?.GetValueOrDefault(Node.MirrorLabel) == mirror.Metadata.Name).ToArray();
        var isWanted = mirror.Spec.Containerd.Remediation == RemediationMode.Restart && mirror.Metadata.DeletionTimestamp is null;
        foreach (var pod in pods)
        {
            var status = nodes.FirstOrDefault(node => node.Node.Name == NodeOf(pod)).Status;
            if (status is null || status.Verdict == Verdict.Compatible || (!isWanted && pod.Status?.Phase is "Succeeded" or "Failed"))
            {
                await writer.DeleteAsync(Kinds.Pod, pod.Key, cancellationToken);
            }
        }

        if (!isWanted)
        {
            return null;
        }

        var waiting = nodes.Where(node => node.Status?.Verdict == Verdict.NeedsConfiguration && node.Flavor.Remediation.Edits != RemediationKind.None && pods.All(pod => NodeOf(pod) != node.Node.Name)).ToArray();
        if (pods.FirstOrDefault(pod => pod.Status?.Phase == "Failed") is { } failed)
        {
            return new RemediationState(null, NodeOf(failed), WhyOf(failed), waiting.Length);
        }

        // One that has succeeded is under way until its node is seen to be compatible.
        if (pods.FirstOrDefault() is { } running)
        {
            return new RemediationState(NodeOf(running), null, "", waiting.Length);
        }

        if (waiting.Length == 0)
        {
            return null;
        }

        var next = waiting.OrderBy(node => node.Node.Name, StringComparer.Ordinal).First();
        await writer.ApplyAsync(ResourceKinds.Any("", "v1", "pods", "Pod", isNamespaced: true), Render(mirror, next.Node, next.Flavor, image), cancellationToken);
        events.Record(Kinds.Node, next.Node, isWarning: false, "Remediating", "Remediate", $"containerd's configuration is being changed and containerd restarted: {(next.Status!.Findings is [var worst, ..] ? worst.Message : "")}");
        return new RemediationState(next.Node.Name, null, "", waiting.Length - 1);
    }

    private JsonObject Render(RegistryMirror mirror, Node node, Flavor flavor, string image)
    {
        var rendered = Manifest.Read("remediation.yaml").Named(options.Namespace, PodNameOf(node.Name), (Node.MirrorLabel, mirror.Metadata.Name!));
        rendered["metadata"]!["ownerReferences"] = new JsonArray(MirrorOwner.Reference(mirror));
        rendered["metadata"]!["annotations"] = new JsonObject { [NodeAnnotation] = node.Name };

        // Not one of the agents: their service must not send anybody here.
        rendered["metadata"]!["labels"]!["app.kubernetes.io/name"] = "peili-remediate";
        var spec = rendered["spec"]!;
        spec["nodeName"] = node.Name;
        var container = spec["containers"]![0]!;
        container["image"] = image;
        container["args"] = new JsonArray("remediate", "--host-root=/host", $"--flavor={flavor.Name}", "--state-path=/host/var/lib/peili");
        return rendered;
    }

    private static string NodeOf(Pod pod) => pod.Metadata.Annotations![NodeAnnotation];

    private static string WhyOf(Pod pod) =>
        pod.Status?.ContainerStatuses?.Select(container => container.State?.Terminated).FirstOrDefault(ended => ended is not null) is { } terminated
            ? $"exit status {terminated.ExitCode}: {terminated.Message?.Trim()}"
            : pod.Status?.Message ?? "its pod failed.";
}
