using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Peers;

/// <summary>The addresses behind <c>--seed</c>: a DNS name contributes every address it has, and is resolved again every half minute.</summary>
internal sealed partial class SeedAddresses(AgentOptions options, TimeProvider time, ILogger<SeedAddresses> logger)
{
    private static readonly TimeSpan ResolvePeriod = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<HostAndPort> _seeds = options.Seeds;

    /// <summary>What is known now, this agent itself left out.</summary>
    public ImmutableArray<Peer> Current { get; private set; } = [.. options.Seeds.Select(Literal).OfType<Peer>().Where(peer => !IsSelf(options, peer)).Distinct()];

    /// <summary>Resolves names until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_seeds.All(seed => Literal(seed) is not null))
        {
            return;
        }

        using var timer = new PeriodicTimer(ResolvePeriod, time);
        do
        {
            var resolved = await Task.WhenAll(_seeds.Select(seed => ResolveAsync(seed, cancellationToken)));
            Current = [.. resolved.SelectMany(peers => peers).Where(peer => !IsSelf(options, peer)).Distinct()];
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static bool IsSelf(AgentOptions options, Peer peer) => peer.Address.Equals(options.AdvertiseAddress);

    private static Peer? Literal(HostAndPort seed) =>
        IPAddress.TryParse(seed.Host, out var address) ? new Peer(new IPEndPoint(address, seed.Port)) : null;

    private async Task<IEnumerable<Peer>> ResolveAsync(HostAndPort seed, CancellationToken cancellationToken)
    {
        if (Literal(seed) is { } literal)
        {
            return [literal];
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(seed.Host, cancellationToken);
            return addresses.Select(address => new Peer(new IPEndPoint(address, seed.Port)));
        }
        catch (SocketException exception)
        {
            LogUnresolved(seed, exception.Message);
            return [];
        }
    }

    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "Seed {Seed} does not resolve: {Reason}")]
    private partial void LogUnresolved(HostAndPort seed, string reason);
}
