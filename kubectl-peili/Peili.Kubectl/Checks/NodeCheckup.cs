using Peili.Crds;
using Peili.Kubectl.Nodes;
using Peili.Operator.Resources;
using LiveReport = Peili.NodeAgent.Checks.CheckReport;

namespace Peili.Kubectl.Checks;

/// <summary>What is known of one node.</summary>
/// <param name="Node">What the operator saw last.</param>
/// <param name="Pod">The agent's pod; null where there is none, or it may not be read.</param>
/// <param name="Live">What the agent says now; null where it could not be asked.</param>
/// <param name="WhyNotLive">Why it could not be asked; null where it was.</param>
internal sealed record NodeCheckup(NodeMirrorStatus Node, Pod? Pod, LiveReport? Live, string? WhyNotLive)
{
    /// <summary>The agent's verdict, else the operator's.</summary>
    public Verdict Verdict => Live is null ? Seen : Enum.Parse<Verdict>(Live.Verdict.ToString());

    /// <summary>The operator's verdict.</summary>
    public Verdict Seen => Node.Status?.Verdict ?? Verdict.Unknown;

    public bool IsReady => NodeRow.IsReady(Node);

    /// <summary>The agent's findings, else those that the operator was told last.</summary>
    public IReadOnlyList<NodeFinding> Findings => Live is null ? Node.Status?.Findings ?? [] :
    [
        .. Live.Findings.Select(finding => new NodeFinding
        {
            Reason = finding.Reason.ToString(),
            Severity = Enum.Parse<FindingSeverity>(finding.Severity.ToString()),
            Message = finding.Message,
            Evidence = finding.Evidence ?? "",
            Remedy = string.Join('\n', new[] { finding.Remedy, finding.Snippet }.OfType<string>()),
        }),
    ];

    public CheckupResult ToResult() => new(Node.Metadata.Name ?? "", Verdict, IsReady, Findings, Node.Status, Live is not null, WhyNotLive);
}
