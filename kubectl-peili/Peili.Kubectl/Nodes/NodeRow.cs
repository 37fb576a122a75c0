using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Terminal;

namespace Peili.Kubectl.Nodes;

/// <summary>What a NodeMirrorStatus says, in words.</summary>
internal static class NodeRow
{
    private const string Ready = "Ready";

    /// <summary>Whether the node mirrors.</summary>
    public static bool IsReady(NodeMirrorStatus node) => ReadyOf(node)?.Status == "True";

    /// <summary>Why it does, or does not; null before the operator has looked.</summary>
    public static Condition? ReadyOf(NodeMirrorStatus node) => node.Status?.Conditions.FirstOrDefault(condition => condition.Type == Ready);

    public static Cell VerdictOf(Verdict verdict) => new(verdict.ToString(), verdict switch
    {
        Verdict.Compatible => Tint.Green,
        Verdict.NeedsConfiguration => Tint.Yellow,
        Verdict.Unsupported => Tint.Red,
        _ => Tint.Yellow,
    });

    /// <summary>A condition's status, whose good value is True.</summary>
    public static Cell StatusOf(Condition? condition) => new(condition?.Status ?? "Unknown", condition?.Status switch
    {
        "True" => Tint.Green,
        "False" => Tint.Red,
        _ => Tint.Yellow,
    });
}
