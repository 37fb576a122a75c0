using System.Diagnostics.Metrics;
using Peili.NodeAgent.Membership;
using Peili.Overlay;

namespace Peili.NodeAgent.Metrics;

/// <summary>How the overlay does, as this member sees it. Nothing is measured before the overlay has started.</summary>
internal static class OverlayMetrics
{
    private static readonly Measurement<long>[] Nothing = [];

    public static void Add(Meter meter, ClusterOverlay overlay)
    {
        meter.CreateObservableGauge("peili.overlay.members", () => Count(overlay, Members), "{member}", "Members known here by state, this node included.");
        meter.CreateObservableGauge("peili.overlay.members.trouble", () => Count(overlay, Trouble), "{member}", "Live members that are not reached over UDP, or not asked because a request to them failed.");
        meter.CreateObservableGauge("peili.overlay.name.taken", () => overlay.Node?.NameTakenBy is null ? 0 : 1, description: "1 while another live agent has this one's node name.");
        meter.CreateObservableGauge("peili.overlay.records", () => Count(overlay, Records), "{record}", "Directory records: owned, of what this node has; held, of what others have.");
        meter.CreateObservableCounter("peili.overlay.sent", () => Count(overlay, Sent), "By", "Gossip sent, without IP, UDP, HTTP and TLS.");
        Add(meter, overlay, "peili.overlay.datagrams.sent", "{datagram}", "Datagrams sent.", counters => counters.DatagramsSent);
        Add(meter, overlay, "peili.overlay.datagrams.received", "{datagram}", "Datagrams received, dropped ones included.", counters => counters.DatagramsReceived);
        meter.CreateObservableCounter("peili.overlay.datagrams.dropped", () => Count(overlay, Dropped), "{datagram}", "Datagrams dropped, by reason.");
        Add(meter, overlay, "peili.overlay.lookups", "{lookup}", "Questions who holds a content.", counters => counters.Lookups);
        Add(meter, overlay, "peili.overlay.lookups.hedged", "{lookup}", "Those whose first tracker was late.", counters => counters.LookupsHedged);
        Add(meter, overlay, "peili.overlay.lookups.direct", "{lookup}", "Those for which members had to be asked directly.", counters => counters.LookupsAskedDirectly);
        Add(meter, overlay, "peili.overlay.announcements.lost", "{announcement}", "Announcements that a tracker never acknowledged.", counters => counters.AnnouncementsGivenUp);
        Add(meter, overlay, "peili.overlay.suspicions", "{suspicion}", "Members suspected here.", counters => counters.Suspicions);
        Add(meter, overlay, "peili.overlay.deaths", "{death}", "Members taken for dead here.", counters => counters.Deaths);
        Add(meter, overlay, "peili.overlay.refutations", "{refutation}", "Times this member had to say that it lives.", counters => counters.Refutations);
        Add(meter, overlay, "peili.overlay.stalls", "{stall}", "Times this process found that it had not run for a while.", counters => counters.Stalls);
    }

    private static void Add(Meter meter, ClusterOverlay overlay, string name, string unit, string description, Func<OverlayCounters, long> read) =>
        meter.CreateObservableCounter(name, () => Count(overlay, node => [new Measurement<long>(read(node.Counters))]), unit, description);

    private static IEnumerable<Measurement<long>> Count(ClusterOverlay overlay, Func<OverlayNode, IEnumerable<Measurement<long>>> read) =>
        overlay.Node is { } node ? read(node) : Nothing;

    private static IEnumerable<Measurement<long>> Members(OverlayNode node)
    {
        var counts = node.CountMembers();
        return Labels.Each<MemberState>("state", state => counts[state]);
    }

    private static IEnumerable<Measurement<long>> Trouble(OverlayNode node)
    {
        var counts = node.CountMembers();
        return [Labels.Measure(counts.UdpBlocked, ("trouble", "udp_blocked")), Labels.Measure(counts.Avoided, ("trouble", "avoided"))];
    }

    private static IEnumerable<Measurement<long>> Records(OverlayNode node) =>
        [Labels.Measure(node.RecordsOwned, ("role", "owned")), Labels.Measure(node.RecordsHeld, ("role", "held"))];

    private static IEnumerable<Measurement<long>> Sent(OverlayNode node)
    {
        var counters = node.Counters;
        return [Labels.Measure(counters.DatagramBytesSent, ("via", "udp")), Labels.Measure(counters.BulkBytesSent, ("via", "bulk"))];
    }

    private static IEnumerable<Measurement<long>> Dropped(OverlayNode node) => Labels.Each<DropReason>("reason", node.Counters.Dropped);
}
