using System.Diagnostics.Metrics;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Metrics;

/// <summary>What was asked, what was given, and from where.</summary>
internal static class TransferMetrics
{
    public static void Add(Meter meter, TransferStatistics transfers, RequestCounters requests)
    {
        meter.CreateObservableCounter(
            "peili.agent.pulled",
            () => transfers.Registries.All.SelectMany(registry => Enum.GetValues<TransferSource>().Select(source =>
                Labels.Measure(registry.Value[source], ("registry", registry.Key), ("source", Labels.Of(source))))),
            "By",
            "Body bytes that this node's containerd got, by registry and by where they came from; none: not from the mirror.");
        meter.CreateObservableCounter("peili.agent.uploaded", () => transfers.UploadedBytes, "By", "Body bytes given to other nodes.");
        meter.CreateObservableCounter(
            "peili.agent.requests",
            () => Count("containerd", Listener.Registry, requests).Concat(Count("peer", Listener.Peer, requests)),
            "{request}",
            "Pull requests by who asked, for what, and how they ended.");
        meter.CreateObservableGauge(
            "peili.agent.transfers.active",
            () => new[] { CountActive("containerd", Listener.Registry, transfers), CountActive("peer", Listener.Peer, transfers) },
            "{transfer}",
            "Bodies on their way at this moment.");
        meter.CreateObservableCounter("peili.agent.hedges", () => transfers.Hedges, "{hedge}", "Times that another holder was asked because the one before was silent.");
        meter.CreateObservableCounter("peili.agent.resumptions", () => transfers.Resumptions, "{resumption}", "Bodies that went on from another node in the middle.");
        meter.CreateObservableCounter("peili.agent.digest.mismatches", () => transfers.WrongDigests, "{content}", "Contents from peers that had not their digest.");
        meter.CreateObservableGauge(
            "peili.agent.since.last.mirrored",
            () => transfers.SinceLastMirrored is { } since ? [new Measurement<double>(since.TotalSeconds)] : Array.Empty<Measurement<double>>(),
            "s",
            "Time since a body between this node and another one ended; absent before the first.");
    }

    private static IEnumerable<Measurement<long>> Count(string from, Listener listener, RequestCounters requests) =>
        Enum.GetValues<RequestKind>().SelectMany(kind => Enum.GetValues<RequestOutcome>().Select(outcome =>
            Labels.Measure(requests[listener, kind, outcome], ("from", from), ("kind", Labels.Of(kind)), ("outcome", Labels.Of(outcome)))));

    private static Measurement<long> CountActive(string to, Listener listener, TransferStatistics transfers) =>
        Labels.Measure(transfers.Active.Count(transfer => transfer.Listener == listener), ("to", to));
}
