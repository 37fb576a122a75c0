using System.Globalization;
using Peili.Kubectl.Nodes;
using Peili.Kubernetes.Models;
using Peili.Terminal;

namespace Peili.Kubectl.Overview;

/// <summary>An installation at a glance, for people.</summary>
internal static class OverviewTable
{
    public static void Write(TextReport report, InstallationOverview overview, DateTimeOffset now)
    {
        report.Facts(
        [
            ("cluster", $"{overview.Server}, namespace {overview.Namespace}"),
            ("operator", OperatorOf(overview.Operator, now)),
            ("agents", overview.Agents is { } agents
                ? new Cell($"{agents.Ready} of {agents.Pods} pods ready", agents.Ready == agents.Pods ? Tint.None : Tint.Yellow)
                : "may not be read"),
            ("saved", $"{ByteCount.Format(overview.Saved.FromPeers)} came from other nodes and not from upstream, since the agents were started; {ByteCount.Format(overview.Saved.FromLocal)} from the nodes' own stores"),
        ]);
        if (overview.Mirrors.Count > 0)
        {
            report.Line();
            report.Table(
            [
                ["MIRROR", "READY", "NODES", "COMPATIBLE", "NEEDS CONFIG", "AGE", "CONDITIONS", .. report.IsWide ? new Cell[] { "UNSUPPORTED", "UNKNOWN", "MESSAGE" } : []],
                .. overview.Mirrors.Select(mirror => Row(mirror, report.IsWide, now)),
            ]);
        }

        if (overview.Nodes.Count > 0)
        {
            report.Line();
            report.Table(
            [
                ["FLAVOR", "VERDICT", "NODES", "MIRRORING"],
                .. overview.Nodes.Select(group => new Cell[]
                {
                    group.Flavor.Length > 0 ? group.Flavor : "-", NodeRow.VerdictOf(group.Verdict), Number(group.Nodes),
                    new(Number(group.Mirroring), group.Mirroring == group.Nodes ? Tint.Green : Tint.Yellow),
                }),
            ]);
        }

        report.Line();
        WriteProblems(report, overview.Problems);
        foreach (var unread in overview.Unread)
        {
            report.Paragraph(new Cell($"could not be read: {unread}", Tint.Yellow));
        }
    }

    private static Cell[] Row(MirrorOverview mirror, bool isWide, DateTimeOffset now)
    {
        var (nodes, ready) = (mirror.Nodes, mirror.Condition("Ready"));
        return
        [
            mirror.Name, NodeRow.StatusOf(ready), Number(nodes.Selected), Number(nodes.Compatible), Number(nodes.NeedsConfiguration), Age.Of(mirror.Created, now),
            string.Join(' ', mirror.Conditions.Where(IsTold).Select(condition => condition.Type)),
            .. isWide ? new Cell[] { Number(nodes.Unsupported), Number(nodes.Unknown), ready?.Message.ReplaceLineEndings(" ") ?? "" } : [],
        ];
    }

    private static void WriteProblems(TextReport report, IReadOnlyList<Problem> problems)
    {
        if (!problems.Any(problem => problem.IsWrong))
        {
            report.Line(new Cell("Nothing is wrong.", Tint.Green));
        }

        foreach (var problem in problems)
        {
            report.Line(problem.IsWrong ? new Cell("wrong", Tint.Red) : "note");
            report.Paragraph(problem.What, 2);
            if (problem.Next.Length > 0)
            {
                report.Line("  What to do: ", new Cell(problem.Next, Tint.Bold));
            }
        }
    }

    private static Cell OperatorOf(OperatorOverview @operator, DateTimeOffset now)
    {
        if (@operator.Replicas is not { } wanted)
        {
            return new Cell("none, or it may not be read", Tint.Red);
        }

        var leader = @operator.Leader is { } name
            ? $"{name} leads since {Age.Of(@operator.LeadsSince, now)}, renewed {Age.Of(@operator.Renewed, now)} ago"
            : "who leads is not known";
        return new Cell($"{@operator.Ready} of {wanted} replicas ready; {leader}", @operator.Ready < wanted || (@operator.Leader is not null && !@operator.Leads(now)) ? Tint.Red : Tint.None);
    }

    /// <summary>Those that say more than Ready does.</summary>
    private static bool IsTold(Condition condition) =>
        condition is { Type: "Degraded" or "Conflicted" or "Progressing", Status: "True" } or { Type: "PodSecurityReady", Status: "False" };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
