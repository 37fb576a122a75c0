using Peili.NodeAgent.Operations;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary>The report of <c>locate</c> for people.</summary>
internal static class LocateTable
{
    public static void Write(LocateReport report, TextReport page)
    {
        if (report.Holders.Count == 0)
        {
            page.Paragraph($"no node holds {report.Reference}");
            page.Paragraph("What to do: compare the name, registry and tag included, with what a node has (crictl images); what no node has is pulled from the registry itself, and held from then on.");
            return;
        }

        if (page.IsWide)
        {
            page.Line($"{report.Reference}");
        }

        page.Table(
        [
            ["NODE", "ADDRESS", "ZONE", "HOLDS IT"],
            .. report.Holders.Select(holder => (Cell[])[holder.Node, holder.Address, holder.Zone, Holding(holder)]),
        ]);
        if (!report.Complete)
        {
            page.Paragraph("(in clusters this large the directory's three nearest candidates; there may be more)");
        }
    }

    private static Cell Holding(HolderReport holder) => holder switch
    {
        { Holds: true, Announced: true } => new Cell("yes", Tint.Green),
        { Holds: true } => new Cell("yes, not announced yet", Tint.Green),
        { Holds: false } => "no more",
        _ => new Cell("does not answer", Tint.Yellow),
    };
}
