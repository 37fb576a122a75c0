using System.Globalization;
using Peili.Crds;
using Peili.Terminal;

namespace Peili.Kubectl.Nodes;

/// <summary>The nodes for people.</summary>
internal static class NodesTable
{
    private static readonly NodeMirrorStatusStatus s_unseen = new();

    /// <summary>Writes them.</summary>
    /// <param name="report">To where.</param>
    /// <param name="nodes">The nodes to show.</param>
    /// <param name="all">How many there are.</param>
    /// <param name="now">The time to count ages from.</param>
    public static void Write(TextReport report, IReadOnlyList<NodeMirrorStatus> nodes, int all, DateTimeOffset now)
    {
        if (nodes.Count == 0)
        {
            report.Line(all == 0 ? "no node is selected: kubectl peili status says why" : $"none of the {all} nodes is like that");
            return;
        }

        report.Table([Headings(report.IsWide), .. nodes.Select(node => Row(node, report.IsWide, now))]);
    }

    private static Cell[] Headings(bool isWide) =>
    [
        "NODE", "FLAVOR", "VERDICT", "MIRRORS", "REASON", "PEERS", "FROM PEERS",
        .. isWide ? new Cell[] { "MIRROR", "DIGESTS", "LAST", "CONTAINERD", "AGENT", "ADDRESS", "TO PEERS", "IMAGES", "SINCE", "MESSAGE" } : [],
    ];

    private static Cell[] Row(NodeMirrorStatus node, bool isWide, DateTimeOffset now)
    {
        var status = node.Status ?? s_unseen;
        var ready = NodeRow.ReadyOf(node);
        return
        [
            node.Metadata.Name ?? "",
            OrDash(status.Flavor),
            NodeRow.VerdictOf(status.Verdict),
            NodeRow.StatusOf(ready),
            ready?.Reason ?? "NotSeenYet",
            status.Overlay is { } overlay ? Number(overlay.Alive) : "-",
            status.Bytes is { } bytes ? ByteCount.Format(bytes.FromPeers) : "-",
            .. isWide
                ? new Cell[]
                {
                    OrDash(status.Mirror),
                    status.Overlay is { } known ? Number(known.Digests) : "-",
                    Age.Of(status.LastMirroredAt, now),
                    OrDash(status.ContainerdVersion),
                    OrDash(status.Agent?.Version ?? ""),
                    OrDash(status.Agent?.Address ?? ""),
                    status.Bytes is { } given ? ByteCount.Format(given.ToPeers) : "-",
                    status.Overlay is { } store ? Number(store.Images) : "-",
                    Age.Of(ready?.LastTransitionTime, now),
                    (ready?.Message ?? "").ReplaceLineEndings(" "),
                }
                : [],
        ];
    }

    private static string OrDash(string text) => text.Length > 0 ? text : "-";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
