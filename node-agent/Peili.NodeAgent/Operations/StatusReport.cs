using Peili.Containerd;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Transfers;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Operations;

/// <summary>Gathers what <c>/status</c> answers.</summary>
internal sealed class StatusReport(
    AgentOptions options, Readiness readiness, ImageStoreWatcher watcher, OverlayReport overlay, TransferStatistics statistics, Leases leases, Admission admission)
{
    public AgentStatus Read() => new(
        AgentVersion.Current,
        options.NodeName,
        readiness.WhyNot,
        Containerd(),
        overlay.Read(),
        new TransferTotals(
            statistics.LocalBytes, statistics.PeerBytes, statistics.UploadedBytes, statistics.Misses, statistics.Resumptions, statistics.WrongDigests),
        new RelayStatus(leases.Origins, admission.Count),
        [.. statistics.Active.Select(transfer => new TransferStatus(
            transfer.Digest.ToString(), transfer.Listener == Listener.Peer ? "peer" : "containerd", transfer.Bytes, transfer.Elapsed.TotalSeconds))]);

    private ContainerdStatus Containerd()
    {
        var state = watcher.State;
        var snapshot = watcher.Current;
        return new ContainerdStatus(
            state.Connected, state.Since, state.Version?.Version, state.ContentRoot, state.LastError, snapshot?.Images ?? 0, snapshot?.Digests.Count ?? 0);
    }
}
