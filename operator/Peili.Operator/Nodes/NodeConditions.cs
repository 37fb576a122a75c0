using System.Globalization;
using Peili.AgentApi;
using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Operator.Agents;

namespace Peili.Operator.Nodes;

/// <summary>The conditions of a NodeMirrorStatus.</summary>
internal static class NodeConditions
{
    public const string Ready = "Ready";
    public const string AgentReachable = "AgentReachable";
    public const string PeersReachable = "PeersReachable";
    public const string ContainerdCompatible = "ContainerdCompatible";

    private const string Lost = "Unreachable";

    /// <summary>What an agent says of a registry whose hosts it has written.</summary>
    public const string Mirrored = "Mirrored";

    /// <summary>All of them, on top of those there were.</summary>
    public static IReadOnlyList<Condition> Of(NodeObservation seen, Verdict verdict, IReadOnlyList<NodeFinding> findings, IReadOnlyList<Condition>? before, DateTimeOffset now)
    {
        Condition[] parts = seen.Assignment.HasAgent ? [Agent(seen, before), Peers(seen), Containerd(verdict, findings)] : [Containerd(verdict, findings)];
        IReadOnlyList<Condition> conditions = [.. (before ?? []).Where(condition => condition.Type == Ready || parts.Any(part => part.Type == condition.Type))];
        foreach (var condition in parts.Append(Overall(seen, parts)))
        {
            conditions = condition.In(conditions, condition is { Type: AgentReachable, Status: "False" } ? seen.Report?.UnreachableSince ?? now : now);
        }

        return conditions;
    }

    private static Condition Agent(NodeObservation seen, IReadOnlyList<Condition>? before) => seen.Report switch
    {
        { IsReachable: true, Reply.NotReady: "" } => True(AgentReachable, "Answers", "The agent answers and serves."),
        { IsReachable: true, Reply.NotReady: var reason } => True(AgentReachable, "NotServing", $"The agent answers and does not serve yet: {reason}."),
        { UnreachableSince: { } since } report => Unreachable(seen, report, since, before?.FirstOrDefault(condition => condition.Type == AgentReachable)),
        _ => Unknown(AgentReachable, "NotAsked", $"The agent was not asked yet.{PodTrouble(seen)}"),
    };

    // An operator that has begun since then knows from the condition of before since when it is, and that the agent had answered.
    private static Condition Unreachable(NodeObservation seen, AgentReport report, DateTimeOffset since, Condition? before)
    {
        since = before is { Status: "False", LastTransitionTime: { } flipped } ? flipped : since;
        var hasAnswered = report.Reply is not null || before is { Status: "True" } or { Reason: Lost };
        return False(
            AgentReachable,
            hasAnswered ? Lost : "NotStarted",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The agent does not answer since {since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} ({report.Error}). {HowPeersSeeIt(seen.Member)}{PodTrouble(seen)}"));
    }

    private static string HowPeersSeeIt(Member? member) => member?.State switch
    {
        null => "Its peers do not know it.",
        "Alive" => "Its peers see it alive: look for a firewall between the operator and the node's peer port.",
        var state => $"Its peers see it {state.ToLowerInvariant()}.",
    };

    private static string PodTrouble(NodeObservation seen) => seen.Pod switch
    {
        null => " It has no pod there.",
        { Trouble: { } trouble } => $" Its pod: {trouble}.",
        _ => "",
    };

    private static Condition Peers(NodeObservation seen) => seen.Report switch
    {
        { IsReachable: true, Reply.Overlay: { UdpBlocked: { Count: > 0 } blocked } } => False(
            PeersReachable, "UdpBlocked", $"UDP to {string.Join(", ", blocked)} does not get through, TCP does: open the peer port for UDP, too."),
        { IsReachable: true, Reply.Overlay: { Alive: > 1 } overlay } => True(PeersReachable, "Connected", $"{overlay.Alive - 1} other agents are alive."),
        { IsReachable: true } when seen.Nodes <= 1 => True(PeersReachable, "Alone", "There is no other agent to reach."),
        { IsReachable: true } => False(PeersReachable, "NoPeers", "The agent reaches no other one: TCP and UDP of the peer port must be open between the nodes."),
        _ => Unknown(PeersReachable, "AgentUnreachable", "The agent cannot be asked."),
    };

    private static Condition Containerd(Verdict verdict, IReadOnlyList<NodeFinding> findings)
    {
        var (reason, message) = findings.Count > 0 ? (findings[0].Reason, $"{findings[0].Message} {findings[0].Remedy}".Trim()) : (verdict.ToString(), "containerd needs nothing else.");
        return verdict switch
        {
            Verdict.Compatible => True(ContainerdCompatible, nameof(Verdict.Compatible), "containerd needs nothing else."),
            Verdict.Unknown => Unknown(ContainerdCompatible, "NotChecked", "The agent has not checked containerd yet."),
            _ => False(ContainerdCompatible, reason, message),
        };
    }

    private static Condition Overall(NodeObservation seen, Condition[] parts)
    {
        if (seen.Report is { IsReachable: true, Reply: { NotReady.Length: > 0 } reply })
        {
            return False(Ready, "AgentNotReady", $"{reply.NotReady}.");
        }

        if (parts.FirstOrDefault(part => part.Status == "False") is { } wrong)
        {
            return False(Ready, wrong.Reason, wrong.Message);
        }

        if (seen.Report is { IsReachable: true, Reply: { } answered } && answered.Registries.FirstOrDefault(registry => registry.State != Mirrored) is { } registry)
        {
            return False(Ready, $"Hosts{registry.State}", registry.Message.Length > 0 ? registry.Message : $"containerd's hosts are not written yet ({registry.State}).");
        }

        return parts.FirstOrDefault(part => part.Status != "True") is { } unknown
            ? Unknown(Ready, unknown.Reason, unknown.Message)
            : True(Ready, "Mirroring", "The node mirrors.");
    }

    private static Condition True(string type, string reason, string message) => new() { Type = type, Status = "True", Reason = reason, Message = message };

    private static Condition False(string type, string reason, string message) => new() { Type = type, Status = "False", Reason = reason, Message = message };

    private static Condition Unknown(string type, string reason, string message) => new() { Type = type, Status = "Unknown", Reason = reason, Message = message };
}
