using System.Net;
using Microsoft.Extensions.Logging;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>containerd's parallel fetches read one chunk of an open-ended range and close; that is nobody's failure.</summary>
public sealed class EarlyCloseTests(Nodes nodes)
{
    private const int Clients = 100;

    [Fact]
    public async Task Clients_that_close_early_end_their_transfers_and_leave_the_agents_healthy()
    {
        await using var holder = await TestAgent.StartAsync(await nodes.HoldingAsync(), []);
        await using var relay = await TestAgent.StartAsync(await nodes.EmptyAsync(), [holder.Peer]);
        IPEndPoint[] listeners = [holder.Registry, relay.Registry, holder.Peer];

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Clients),
            new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) => await ReadALittleAsync(listeners[number % listeners.Length], number));

        await holder.TransfersEndAsync();
        await relay.TransfersEndAsync();
        foreach (var agent in new[] { holder, relay })
        {
            agent.Log.AtLeast(LogLevel.Warning).ShouldBeEmpty();
        }

        foreach (var listener in listeners)
        {
            var answer = await RawClient.GetAsync(listener, Path);
            answer.Status.ShouldBe(200);
            answer.Body.ToArray().AsSpan().SequenceEqual(nodes.Image.Blobs[nodes.Layer]).ShouldBeTrue();
        }

        relay.Locator.IsAvoided(FixedLocator.PeerAt(holder.Peer)).ShouldBeFalse();
    }

    private string Path => $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test";

    private async Task ReadALittleAsync(IPEndPoint listener, int number)
    {
        using var client = await RawClient.ConnectAsync(listener, receiveBuffer: 4096);
        await client.SendAsync("GET", Path, number % 4 < 2 ? [] : [$"Range: bytes={number * 1000}-"]);
        if (number % 5 > 0)
        {
            var answer = await client.ReadHeadAsync();
            answer.Status.ShouldBeOneOf(200, 206);
            await client.ReadBodyAsync(answer, atMost: number * 100);
        }

        if (number % 2 == 0)
        {
            client.Reset();
        }
    }
}
