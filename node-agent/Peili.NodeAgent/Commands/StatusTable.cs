using System.Globalization;
using Peili.NodeAgent.Operations;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary>The answer of <c>status</c> for people.</summary>
internal static class StatusTable
{
    /// <summary>With more members than this, those of which all is well are counted only.</summary>
    private const int MaxMembers = 50;

    /// <summary>Of more transfers than this, the first.</summary>
    private const int MaxTransfers = 10;

    public static void Write(AgentStatus status, TextReport page)
    {
        page.Facts(Facts(status, page.IsWide));
        foreach (var advice in StatusAdvice.For(status))
        {
            page.Paragraph(new Cell($"What to do: {advice}", Tint.Yellow));
        }

        WriteMembers(status.Overlay.Members, page);
        WriteTransfers(status.Active, page);
    }

    private static List<(string Label, Cell Value)> Facts(AgentStatus status, bool isWide)
    {
        var (containerd, overlay, transfers) = (status.Containerd, status.Overlay, status.Transfers);
        return
        [
            ("node", status.NodeName),
            ("agent", status.NotReady is { } reason ? new Cell($"{status.Version}, NOT READY: {reason}", Tint.Red) : $"{status.Version}, ready{Since(status.Started)}"),
            ("containerd", containerd.Connected
                ? $"{containerd.Version}, {containerd.Images} images, {containerd.Digests} blobs in {containerd.ContentRoot}"
                : new Cell($"NOT CONNECTED: {containerd.LastError}", Tint.Red)),
            ("overlay", $"{overlay.Address}{(overlay.Zone.Length > 0 ? $", zone {overlay.Zone}" : string.Empty)}, {(overlay.Sealed ? "sealed" : "INSECURE")}, {overlay.Announced} blobs and tags announced"),
            .. overlay.NameTakenBy is { } twin ? One("", new Cell($"NAME TAKEN: the agent at {twin} has this node's name too; give one of them another --node-name", Tint.Red)) : [],
            ("members", Members(overlay.Members)),
            ("bytes", $"{ByteCount.Format(transfers.LocalBytes)} to containerd from this node, {ByteCount.Format(transfers.PeerBytes)} from others; {ByteCount.Format(transfers.UploadedBytes)} to others"),
            ("transfers", $"{status.Active.Count} going on, {transfers.Resumptions} resumed elsewhere, {transfers.WrongDigests} with wrong bytes, {transfers.Misses} misses"),
            .. overlay.Dropped.Count > 0 ? One("dropped", Counts(overlay.Dropped) + " datagrams") : [],
            .. overlay.Refused.Count > 0 ? One("refused", Counts(overlay.Refused) + " peers") : [],
            .. isWide ? One("mirrored", status.LastMirrored is { } last ? $"last at {Time(last)}" : "nothing yet") : [],
            .. isWide ? One("lookups", $"{overlay.Lookups}, {overlay.LookupsHedged} asked a second node; {overlay.Deaths} members taken for dead; {ByteCount.Format(overlay.BytesSent)} of gossip sent") : [],
            .. isWide ? One("cold starts", $"{status.Relay.Origins} blobs fetched from upstream for others, {status.Relay.Children} nodes streaming from here") : [],
        ];
    }

    private static (string Label, Cell Value)[] One(string label, Cell value) => [(label, value)];

    private static void WriteMembers(IReadOnlyList<MemberReport> members, TextReport page)
    {
        MemberReport[] shown = page.IsWide || members.Count <= MaxMembers ? [.. members] : [.. members.Where(member => !IsWell(member))];
        if (shown.Length > 0)
        {
            page.Line();
            page.Table(
            [
                page.IsWide ? ["NAME", "ADDRESS", "ZONE", "VERSION", "STATE", "STATUS", "CONDITION"] : ["NAME", "ADDRESS", "ZONE", "STATE", "STATUS", "CONDITION"],
                .. shown.Select(member => (Cell[])
                [
                    member.Name, member.Address, member.Zone, .. page.IsWide ? [member.Version] : (Cell[])[], new Cell(member.State, TintOf(member.State)), member.Status,
                    member.Condition is { } condition ? new Cell(condition, Tint.Red) : "-",
                ]),
            ]);
        }

        if (shown.Length < members.Count)
        {
            page.Line();
            page.Paragraph($"{members.Count - shown.Length} members of which all is well are not listed; --output wide lists them");
        }
    }

    private static void WriteTransfers(IReadOnlyList<TransferStatus> transfers, TextReport page)
    {
        if (transfers.Count == 0)
        {
            return;
        }

        page.Line();
        page.Table(
        [
            ["TO", "NODE", "SENT", "OF", "FOR", "DIGEST"],
            .. transfers.Take(page.IsWide ? int.MaxValue : MaxTransfers).Select(transfer => (Cell[])
            [
                transfer.To, transfer.Node ?? "-", ByteCount.Format(transfer.Bytes), transfer.Total > 0 ? ByteCount.Format(transfer.Total) : "-",
                string.Create(CultureInfo.InvariantCulture, $"{transfer.Seconds:0.0} s"), transfer.Digest,
            ]),
        ]);
    }

    private static bool IsWell(MemberReport member) => member is { State: "alive", Status: "ready", Condition: null };

    private static Tint TintOf(string state) => state switch
    {
        "alive" => Tint.Green,
        "suspect" => Tint.Yellow,
        "dead" => Tint.Red,
        _ => Tint.None,
    };

    private static string Since(DateTimeOffset? started) => started is { } time ? $" since {Time(time)}" : string.Empty;

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Members(IReadOnlyList<MemberReport> members) => members.Count == 0
        ? "none: this node is alone (it goes on looking)"
        : string.Join(", ", members.GroupBy(member => member.State).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"));

    private static string Counts(IReadOnlyDictionary<string, long> counts) =>
        string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}"));
}
