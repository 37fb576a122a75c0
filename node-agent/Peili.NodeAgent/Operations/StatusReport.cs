using System.Net;
using Peili.Containerd;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Transfers;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Operations;

/// <summary>Gathers what <c>/status</c> answers.</summary>
internal sealed class StatusReport(
    AgentOptions options,
    Readiness readiness,
    ImageStoreWatcher watcher,
    OverlayReport overlay,
    OtherMembers others,
    TransferStatistics statistics,
    Leases leases,
    RelayRoles roles,
    Admission admission,
    TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();

    public AgentStatus Read() => new(
        AgentVersion.Current,
        options.NodeName,
        readiness.WhyNot,
        Containerd(),
        overlay.Read(),
        new TransferTotals(
            statistics.LocalBytes, statistics.PeerBytes, statistics.UploadedBytes, statistics.Misses, statistics.Resumptions, statistics.WrongDigests),
        new RelayStatus(leases.Origins, admission.Count, [.. leases.All.Select(roles.Of)]),
        [.. statistics.Active.Select(StatusOf)],
        _started,
        statistics.LastMirrored);

    private ContainerdStatus Containerd()
    {
        var state = watcher.State;
        var snapshot = watcher.Current;
        return new ContainerdStatus(
            state.Connected, state.Since, state.Version?.Version, state.ContentRoot, state.LastError, snapshot?.Images ?? 0, snapshot?.Digests.Count ?? 0);
    }

    private TransferStatus StatusOf(ActiveTransfer transfer) => new(
        transfer.Digest.ToString(),
        transfer.Listener == Listener.Peer ? "peer" : "containerd",
        transfer.Bytes,
        transfer.Elapsed.TotalSeconds,
        transfer.Started,
        transfer.Total,
        NodeOf(transfer));

    /// <summary>Whoever asks for a complete blob does not say its name; its address tells.</summary>
    private string? NodeOf(ActiveTransfer transfer) =>
        transfer is { Listener: Listener.Peer, Node: { } node } && IPAddress.TryParse(node, out var address)
            ? others().Where(member => member.Address.ToEndPoint().Address.Equals(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
                .Select(member => member.Name).FirstOrDefault(node)
            : transfer.Node ?? (transfer is { Listener: Listener.Registry, IsMirrored: true } ? "another node" : null);
}
