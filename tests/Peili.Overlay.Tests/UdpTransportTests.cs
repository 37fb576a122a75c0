using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Peili.Overlay.Tests;

/// <summary>Real sockets on the loopback, real time: only that it works at all.</summary>
[Collection(AloneCollection.Name)]
public sealed class UdpTransportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Whether ::1 can be bound: some containers have IPv6 sockets but no IPv6 address.</summary>
    private static readonly bool HasIPv6Loopback = CanBind(IPAddress.IPv6Loopback);

    [Fact]
    public async Task Five_nodes_on_loopback_sockets_find_each_other_and_a_key() =>
        await FindEachOtherAsync(IPAddress.IPv6Any, Socket.OSSupportsIPv6, index => index % 2 == 0 || !HasIPv6Loopback);

    [Fact]
    public async Task Five_nodes_that_listen_on_an_IPv4_address_find_each_other_and_a_key() =>
        await FindEachOtherAsync(IPAddress.Loopback, Socket.OSSupportsIPv6, static _ => true);

    [Fact]
    public async Task Five_nodes_on_hosts_without_IPv6_find_each_other_and_a_key() =>
        await FindEachOtherAsync(IPAddress.IPv6Any, hasIPv6: false, static _ => true);

    [Theory]
    [InlineData("0.0.0.0", true, AddressFamily.InterNetwork)]
    [InlineData("127.0.0.1", true, AddressFamily.InterNetwork)]
    [InlineData("::ffff:127.0.0.1", true, AddressFamily.InterNetwork)]
    [InlineData("::", false, AddressFamily.InterNetwork)]
    [InlineData("127.0.0.1", false, AddressFamily.InterNetwork)]
    public async Task The_socket_is_of_the_family_of_its_address(string address, bool hasIPv6, AddressFamily family)
    {
        await using var transport = new UdpTransport(new IPEndPoint(IPAddress.Parse(address), 0), new LocalBulk(), hasIPv6);
        transport.Family.ShouldBe(family);
        transport.Port.ShouldBeGreaterThan(0);
        transport.Send(PeerAddress.From(new IPEndPoint(IPAddress.IPv6Loopback, 9)), [1]);
        transport.SendFailures.ShouldBe(1, "IPv6 from a socket of IPv4");
    }

    private static async Task FindEachOtherAsync(IPAddress listen, bool hasIPv6, Func<int, bool> advertisesIPv4)
    {
        var bulk = new LocalBulk();
        var transports = new List<UdpTransport>();
        var nodes = new List<OverlayNode>();
        try
        {
            for (var index = 0; index < 5; index++)
            {
                var transport = new UdpTransport(new IPEndPoint(listen, 0), bulk, hasIPv6);
                transports.Add(transport);
                var loopback = advertisesIPv4(index) ? IPAddress.Loopback : IPAddress.IPv6Loopback;
                var address = PeerAddress.From(new IPEndPoint(loopback, transport.Port));
                var node = CreateNode($"node-{index}", address, [.. bulk.Nodes.Keys.Take(1)], transport);
                nodes.Add(node);
                bulk.Nodes[address] = node;
                transport.Start(node);
                node.Start();
            }

            await UntilAsync(() => ValueTask.FromResult(nodes.All(node => node.GetMembers().Count(member => member.State == MemberState.Alive) == 5)));
            var key = DirectoryKey.OfName("docker.io/library/redis:7");
            nodes[1].Announce(key);
            await UntilAsync(async () =>
            {
                var found = await nodes[4].LookupAsync(key, TestContext.Current.CancellationToken);
                return found.Candidates.Any(candidate => candidate.Name == "node-1");
            });
            transports.ShouldAllBe(transport => transport.ReceiveBuffer > 0);
            nodes[2].Leave();
            await UntilAsync(() => ValueTask.FromResult(
                nodes[0].GetMembers().Single(member => member.Name == "node-2").State is MemberState.Left or MemberState.Dead));
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Dispose();
            }

            foreach (var transport in transports)
            {
                await transport.DisposeAsync();
            }
        }
    }

    private static OverlayNode CreateNode(string name, PeerAddress address, IReadOnlyList<PeerAddress> seeds, UdpTransport transport) => new(
        new OverlayOptions
        {
            Name = name,
            AdvertiseAddress = address,
            Keys = Simulation.Simulation.DefaultKeys,
            Seeds = _ => ValueTask.FromResult(seeds),
        },
        transport,
        TimeProvider.System,
        new SystemRandomSource());

    private static bool CanBind(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<ValueTask<bool>> condition)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(Patience);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private sealed class LocalBulk : IBulkClient
    {
        public ConcurrentDictionary<PeerAddress, OverlayNode> Nodes { get; } = new();

        public Task<byte[]?> CallAsync(PeerAddress to, ReadOnlyMemory<byte> body, CancellationToken cancellation)
        {
            if (!Nodes.TryGetValue(to, out var node))
            {
                return Task.FromResult<byte[]?>(null);
            }

            var reply = node.Serve(body.Span);
            node.Served();
            return Task.FromResult<byte[]?>(reply);
        }
    }
}
