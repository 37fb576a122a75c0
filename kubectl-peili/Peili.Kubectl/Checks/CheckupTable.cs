using Peili.Crds;
using Peili.Kubectl.Nodes;
using Peili.Terminal;

namespace Peili.Kubectl.Checks;

/// <summary>What is known of one node, for people.</summary>
internal static class CheckupTable
{
    public static void Write(TextReport report, NodeCheckup check, DateTimeOffset now)
    {
        var status = check.Node.Status ?? new NodeMirrorStatusStatus();
        report.Facts(
        [
            ("node", $"{check.Node.Metadata.Name}, {status.Flavor}, containerd {(status.ContainerdVersion.Length > 0 ? status.ContainerdVersion : "of unknown version")}"),
            ("mirror", status.Mirror.Length > 0 ? status.Mirror : "none"),
            ("verdict", NodeRow.VerdictOf(check.Verdict)),
            ("agent", AgentOf(check, status)),
            ("findings", check.Live is not null ? "live, from the agent" : new Cell($"as the operator saw them last: {check.WhyNotLive}", Tint.Yellow)),
        ]);
        if (check.Live is not null && check.Verdict != check.Seen)
        {
            report.Paragraph($"The operator still says {check.Seen}: it learns of changes within ten seconds, if it runs.");
        }

        if (status.Conditions.Count > 0)
        {
            report.Line();
            report.Table(
            [
                ["CONDITION", "STATUS", "SINCE", "REASON", "MESSAGE"],
                .. status.Conditions.OrderBy(condition => condition.Type == "Ready" ? 0 : 1).Select(condition => new Cell[]
                {
                    condition.Type, NodeRow.StatusOf(condition), Age.Of(condition.LastTransitionTime, now), condition.Reason, condition.Message.Split('\n')[0],
                }),
            ]);
        }

        foreach (var finding in check.Findings)
        {
            WriteFinding(report, finding);
        }

        report.Line();
        report.Paragraph(NextOf(check));
    }

    private static void WriteFinding(TextReport report, NodeFinding finding)
    {
        report.Line();
        report.Line(
            finding.Severity switch
            {
                FindingSeverity.Error => new Cell("error    ", Tint.Red),
                FindingSeverity.Warning => new Cell("warning  ", Tint.Yellow),
                _ => "note     ",
            },
            new Cell(finding.Reason, Tint.Bold),
            finding.Evidence.Length > 0 ? $"  {finding.Evidence}" : "");
        report.Paragraph(finding.Message, 2);
        if (finding.Remedy.Split('\n', 2) is [{ Length: > 0 } remedy, .. var snippet])
        {
            report.Paragraph($"What to do: {remedy}", 2);
            foreach (var lines in snippet)
            {
                report.Verbatim(lines, 6);
            }
        }
    }

    private static Cell AgentOf(NodeCheckup check, NodeMirrorStatusStatus status) =>
        check.Pod is not { } pod ? "no pod"
        : pod.IsReady ? $"{status.Agent?.Version ?? "of unknown version"}, pod {pod.Metadata.Name}, ready"
        : new Cell($"pod {pod.Metadata.Name} is not ready{(pod.Trouble is { } trouble ? $": {trouble}" : "")}", Tint.Red);

    private static string NextOf(NodeCheckup check) => check switch
    {
        { Verdict: Verdict.Compatible, IsReady: true } => "The node mirrors; nothing is to be done.",
        { Verdict: Verdict.Unsupported } => "Nodes of this kind cannot mirror; they pull from upstream, as without Peili. Take it out of the selector if it bothers you.",
        { Verdict: Verdict.NeedsConfiguration } => "Do on the node what stands above, or have the operator do it: spec.containerd.remediation: Restart in the RegistryMirror.",
        { IsReady: false } when NodeRow.ReadyOf(check.Node) is { Message.Length: > 0 } ready => $"What stands in the way: {ready.Message}",
        _ => "It could not be told yet; look again in a minute, and then at kubectl peili status.",
    };
}
