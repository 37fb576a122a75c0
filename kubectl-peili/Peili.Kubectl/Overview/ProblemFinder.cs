using Peili.Crds;
using Peili.Kubectl.Nodes;
using Peili.Kubernetes.Models;

namespace Peili.Kubectl.Overview;

/// <summary>Finds what is wrong with an installation, and what to do next.</summary>
internal static class ProblemFinder
{
    private const int MostNames = 5;
    private const string PausedAnnotation = "peili.dev/paused";

    /// <summary>The problems: the operator's first, for without it nothing that the others say is of today; then RegistryMirrors, then nodes.</summary>
    public static IReadOnlyList<Problem> Find(
        string inNamespace, OperatorOverview @operator, IReadOnlyList<string> unread, IReadOnlyList<RegistryMirror> mirrors, IReadOnlyList<NodeMirrorStatus> nodes, DateTimeOffset now)
    {
        Problem[] problems = [.. OfOperator(inNamespace, @operator, unread, now), .. OfMirrors(mirrors), .. OfNodes(nodes)];
        return [.. problems.OrderBy(problem => problem.IsWrong ? 0 : 1)];
    }

    private static IEnumerable<Problem> OfOperator(string inNamespace, OperatorOverview @operator, IReadOnlyList<string> unread, DateTimeOffset now)
    {
        if (unread.Any(what => what.StartsWith("the operator's Deployment", StringComparison.Ordinal)))
        {
            yield break;
        }

        var logs = $"kubectl -n {inNamespace} logs deployment/peili-operator";
        if (@operator.Replicas is not { } wanted)
        {
            yield return new(true, $"There is no operator in namespace {inNamespace}: nothing below is of today.", "kubectl apply -k config/default; or name the installation's namespace with --namespace.");
            yield break;
        }

        if (@operator.Ready < wanted)
        {
            yield return new(
                true,
                $"{@operator.Ready} of {wanted} replicas of the operator are ready.{string.Concat(@operator.Troubles.Select(trouble => $" {trouble}."))}",
                @operator.Troubles.Count > 0 ? logs : $"kubectl -n {inNamespace} describe pods -l app.kubernetes.io/component=operator");
        }

        if (!@operator.Leads(now) && !unread.Any(what => what.StartsWith("the operator's Lease", StringComparison.Ordinal)))
        {
            yield return new(true, "No replica of the operator leads: nothing below is of today.", $"{logs}; docs/operations.md, PeiliOperatorNoLeader");
        }
    }

    private static IEnumerable<Problem> OfMirrors(IReadOnlyList<RegistryMirror> mirrors)
    {
        if (mirrors.Count == 0)
        {
            yield return new(true, "There is no RegistryMirror: nothing is mirrored.", "kubectl apply -f config/samples/registrymirror.yaml");
        }

        foreach (var mirror in mirrors)
        {
            var name = $"RegistryMirror {mirror.Metadata.Name}";
            var describe = $"kubectl describe registrymirror {mirror.Metadata.Name}";
            var conditions = mirror.Status?.Conditions ?? [];
            if (conditions.Count == 0)
            {
                yield return new(true, $"{name}: the operator has not seen it yet.", "Look again in a minute; then at the operator's log.");
            }

            foreach (var condition in conditions.Where(IsWrong))
            {
                // NeedsConfiguration is said of the nodes, with the remedy of each.
                if (condition.Reason != nameof(Verdict.NeedsConfiguration))
                {
                    yield return new(true, $"{name}, {condition.Reason}: {condition.Message}", describe);
                }
            }

            if (Of(conditions, "Ready") is { Status: not "True", Reason: "NoNodes" or nameof(Verdict.Unsupported) } ready)
            {
                yield return new(true, $"{name}, {ready.Reason}: {ready.Message}", describe);
            }

            if (Of(conditions, "Progressing") is { Status: "True" } progressing)
            {
                yield return new(false, $"{name}, {progressing.Reason}: {progressing.Message}", "");
            }

            if (mirror.Metadata.Annotations?.GetValueOrDefault(PausedAnnotation) is not null and not "false")
            {
                yield return new(false, $"{name} is paused: nothing of it is changed.", $"kubectl annotate registrymirror {mirror.Metadata.Name} {PausedAnnotation}-");
            }
        }
    }

    private static IEnumerable<Problem> OfNodes(IReadOnlyList<NodeMirrorStatus> nodes)
    {
        var groups = nodes.Where(node => !NodeRow.IsReady(node))
            .GroupBy(node => (Verdict: node.Status?.Verdict ?? Verdict.Unknown, Reason: NodeRow.ReadyOf(node)?.Reason ?? "NotSeenYet"))
            .OrderByDescending(group => group.Count());
        foreach (var group in groups)
        {
            string[] names = [.. group.Select(node => node.Metadata.Name ?? "").Order(StringComparer.Ordinal)];
            var listed = names.Length <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Length - MostNames} more";
            var message = NodeRow.ReadyOf(group.First())?.Message is { Length: > 0 } said ? $" {said.Split('\n')[0]}" : "";
            var count = names.Length == 1 ? $"Node {listed} does" : $"{names.Length} nodes do";
            var of = names.Length == 1 ? "" : $" ({listed})";
            yield return group.Key.Verdict == Verdict.Unsupported
                ? new(false, $"{count} not mirror{of}, and cannot.{message}", "")
                : new(true, $"{count} not mirror{of}, {group.Key.Reason}.{message}", $"kubectl peili check {names[0]}");
        }
    }

    private static bool IsWrong(Condition condition) => condition is { Type: "Degraded" or "Conflicted", Status: "True" } or { Type: "PodSecurityReady", Status: "False" };

    private static Condition? Of(IReadOnlyList<Condition> conditions, string type) => conditions.FirstOrDefault(condition => condition.Type == type);
}
