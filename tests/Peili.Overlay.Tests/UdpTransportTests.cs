using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Peili.Overlay.Tests;

/// <summary>Real sockets on the loopback, real time: only that it works at all.</summary>
[Collection(AloneCollection.Name)]
public sealed class UdpTransportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Five_nodes_on_loopback_sockets_find_each_other_and_a_key()
    {
        var bulk = new LocalBulk();
        var transports = new List<UdpTransport>();
        var nodes = new List<OverlayNode>();
        try
        {
            for (var index = 0; index < 5; index++)
            {
                var transport = new UdpTransport(new IPEndPoint(IPAddress.IPv6Any, 0), bulk);
                transports.Add(transport);
                var address = PeerAddress.From(new IPEndPoint(index % 2 == 0 ? IPAddress.Loopback : IPAddress.IPv6Loopback, transport.Port));
                var seeds = bulk.Nodes.Keys.Take(1).ToArray();
                var node = new OverlayNode(
                    new OverlayOptions
                    {
                        Name = $"node-{index}",
                        AdvertiseAddress = address,
                        Keys = Simulation.Simulation.DefaultKeys,
                        Seeds = _ => ValueTask.FromResult<IReadOnlyList<PeerAddress>>(seeds),
                    },
                    transport,
                    TimeProvider.System,
                    new SystemRandomSource());
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

    private static async Task UntilAsync(Func<ValueTask<bool>> condition)
    {
        var end = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency);
        while (!await condition())
        {
            Stopwatch.GetTimestamp().ShouldBeLessThan(end);
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
