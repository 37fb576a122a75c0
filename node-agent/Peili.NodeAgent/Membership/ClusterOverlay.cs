using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Security;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>
/// This agent's part in the overlay: begins once the peer listener stands, for members answer over TCP as well, and leaves on the
/// first signal to stop, while running transfers go on.
/// </summary>
internal sealed partial class ClusterOverlay(
    AgentOptions options,
    ClusterKeysFile keys,
    Seeds seeds,
    OverlayStateFile state,
    BulkClient bulk,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ClusterOverlay> logger)
{
    /// <summary>Known peers change slowly, and a disk is not free.</summary>
    private const int PeriodsBetweenSaves = 2;

    private readonly TaskCompletionSource<OverlayNode> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long[] _droppedBefore = new long[Enum.GetValues<DropReason>().Length];

    /// <summary>The node; null until it has started.</summary>
    public OverlayNode? Node => _started.Task.IsCompletedSuccessfully ? _started.Task.Result : null;

    /// <summary>Where other agents reach this one; null until the node has started.</summary>
    public IPEndPoint? AdvertisedAddress { get; private set; }

    /// <summary>The zone: what was given or told last, or else that of the last start.</summary>
    public string Zone { get; private set; } = options.Zone ?? state.Current.Zone;

    /// <summary>Every member but this node; none before it has started.</summary>
    public IEnumerable<OverlayMember> Others => (Node?.GetMembers() ?? []).Where(member => member.Name != options.NodeName);

    public Task<OverlayNode> WaitForStartAsync(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    /// <summary>Moves to another zone, also for the next start.</summary>
    /// <exception cref="ArgumentException">The zone is too long.</exception>
    public void MoveTo(string zone)
    {
        if (Node is { } node && Zone != zone)
        {
            node.MoveTo(zone);
            Zone = zone;
            Save(node);
            LogMoved(zone);
        }
    }

    /// <summary>Takes part until <paramref name="cancellationToken"/> fires.</summary>
    /// <exception cref="IOException">The UDP port cannot be had.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ListenersStandAsync(cancellationToken);
        var listen = new IPEndPoint(options.PeerAddress.Address, PeerPort());
        AdvertisedAddress = options.AdvertiseAddress is { Port: > 0 } said ? said : new IPEndPoint(
            options.AdvertiseAddress?.Address ?? Membership.AdvertisedAddress.Find(listen.Address), listen.Port);
        await using var transport = Bind(listen);
        using var node = Create(transport);
        transport.Start(node);
        node.Start();
        await using var leaving = lifetime.ApplicationStopping.Register(node.Leave);
        _started.SetResult(node);
        Save(node);
        try
        {
            await FollowAsync(node, cancellationToken);
        }
        finally
        {
            Save(node);
        }
    }

    private async Task ListenersStandAsync(CancellationToken cancellationToken)
    {
        var standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(standing.SetResult);
        await standing.Task.WaitAsync(cancellationToken);
    }

    private async Task FollowAsync(OverlayNode node, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchedFiles.Period, time);
        for (var period = 1; await timer.WaitForNextTickAsync(cancellationToken); period++)
        {
            if (keys.Refresh())
            {
                node.UpdateKeys(keys.Current);
            }

            ReportDropped(node.Counters);
            if (period % PeriodsBetweenSaves == 0)
            {
                Save(node);
            }
        }
    }

    private UdpTransport Bind(IPEndPoint listen)
    {
        try
        {
            var transport = new UdpTransport(listen, bulk);
            LogStarted(AdvertisedAddress!, Zone, keys.Current.IsEmpty ? "in the clear (--insecure)" : "sealed");
            if (transport.ReceiveBuffer < UdpTransport.WantedReceiveBuffer)
            {
                LogSmallBuffer(transport.ReceiveBuffer / 1024, UdpTransport.WantedReceiveBuffer / 1024);
            }

            return transport;
        }
        catch (SocketException exception)
        {
            throw new IOException($"cannot listen on {listen} (UDP): {exception.Message}", exception);
        }
    }

    private OverlayNode Create(UdpTransport transport) => new(
        new OverlayOptions
        {
            Name = options.NodeName,
            AdvertiseAddress = PeerAddress.From(AdvertisedAddress!),
            Zone = Zone,
            Version = AgentVersion.Current,
            Keys = keys.Current,
            Seeds = seeds.ResolveAsync,
            KnownPeers = state.KnownPeers,
            PersistedEpoch = state.Current.Epoch,
        },
        transport,
        time,
        new SystemRandomSource());

    /// <summary>The port that the peer listener has in the end: it may have been given as 0.</summary>
    private int PeerPort() => options.PeerAddress.Port > 0
        ? options.PeerAddress.Port
        : Listeners.PortOf(Listener.Peer, server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses);

    private void Save(OverlayNode node) => state.Save(
        node.Epoch,
        Zone,
        [.. Others.Where(member => member.IsLive).Select(member => member.Address)]);

    /// <summary>A flood must not become a second one in the log: a line a second and reason at most.</summary>
    private void ReportDropped(OverlayCounters counters)
    {
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var count = counters.Dropped(reason);
            var more = count - _droppedBefore[(int)reason];
            _droppedBefore[(int)reason] = count;
            if (more > 0 && reason is not DropReason.UnknownSession and not DropReason.WrongAddressee)
            {
                LogDropped(more, reason);
            }
        }
    }

    [LoggerMessage(EventId = 730, Level = LogLevel.Information, Message = "Taking part in the overlay as {Address}, zone \"{Zone}\", datagrams {Sealing}")]
    private partial void LogStarted(IPEndPoint address, string zone, string sealing);

    [LoggerMessage(EventId = 733, Level = LogLevel.Information, Message = "Moved to zone \"{Zone}\"")]
    private partial void LogMoved(string zone);

    [LoggerMessage(EventId = 731, Level = LogLevel.Information, Message = "The kernel grants a UDP receive buffer of {Granted} KiB, not {Wanted}: raise net.core.rmem_max in clusters of a thousand nodes and more")]
    private partial void LogSmallBuffer(int granted, int wanted);

    [LoggerMessage(EventId = 732, Level = LogLevel.Warning, Message = "Dropped {Count} datagrams: {Reason}")]
    private partial void LogDropped(long count, DropReason reason);
}
