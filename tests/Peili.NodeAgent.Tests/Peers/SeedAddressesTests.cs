using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Peers;

public sealed class SeedAddressesTests
{
    [Fact]
    public void Addresses_are_known_at_once_each_once_and_without_this_agent_itself() =>
        Create("192.0.2.1:1", "192.0.2.1:7", "192.0.2.2:7", "192.0.2.2:7", "[2001:db8::1]:7").Current.Select(peer => $"{peer}")
            .ShouldBe(["192.0.2.1:1", "192.0.2.2:7", "[2001:db8::1]:7"]);

    [Fact]
    public async Task A_name_contributes_its_addresses_and_one_that_does_not_resolve_none()
    {
        using var stop = new CancellationTokenSource();
        var seeds = Create("192.0.2.2:7", "localhost:8", "no-such-name.invalid:9");
        seeds.Current.Select(peer => $"{peer}").ShouldBe(["192.0.2.2:7"]);

        var running = seeds.RunAsync(stop.Token);

        await Eventually.IsTrueAsync(() => seeds.Current.Length > 1, "the name resolves");
        seeds.Current.ShouldContain(new Peer(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 7)));
        seeds.Current.ShouldAllBe(peer => peer.Address.Port == 7 || (peer.Address.Port == 8 && IPAddress.IsLoopback(peer.Address.Address)));
        running.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static SeedAddresses Create(params string[] seeds) => new(
        TestOptions.Default with
        {
            AdvertiseAddress = IPEndPoint.Parse("192.0.2.1:7"),
            Seeds = [.. seeds.Select(seed => HostAndPort.TryParse(seed, out var parsed) ? parsed : throw new ArgumentException(seed, nameof(seeds)))],
        },
        new ManualTimeProvider(),
        NullLogger<SeedAddresses>.Instance);
}
