using System.Diagnostics.Metrics;
using Peili.NodeAgent.ColdStart;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Metrics;

/// <summary>This node's part in cold starts.</summary>
internal static class RelayMetrics
{
    public static void Add(Meter meter, RelayCounters relay, Leases leases, Admission admission)
    {
        meter.CreateObservableCounter(
            "peili.agent.relay.grants", () => Labels.Each<GrantKind>("role", relay.Grants), "{grant}", "Roles that trackers gave this node in the fetch of a blob.");
        meter.CreateObservableCounter(
            "peili.agent.relay.stalls", () => Labels.Each<RelayStall>("reason", relay.Stalls), "{stall}", "Sources of a blob on its way that did not go on.");
        meter.CreateObservableGauge("peili.agent.relay.origins", () => leases.Origins, "{blob}", "Blobs that this node fetches from upstream for others to stream.");
        meter.CreateObservableGauge("peili.agent.relay.children", () => admission.Count, "{node}", "Nodes that stream a blob from this one at this moment.");
    }
}
