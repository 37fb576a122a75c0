using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Faults;

/// <summary>Fault injection: seeds that take connections and never answer, refuse them, or let them hang.</summary>
public sealed class UnreachablePeerTests(Nodes nodes)
{
    private readonly TestBlob _blob = TestBlob.Random(TestBlob.Small);

    [Fact]
    public Task Seeds_out_of_reach_make_a_miss_and_are_asked_once() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var silent = scenario.Add(FakePeer.Silent());
        using var full = await FullListener.StartAsync();
        await scenario.StartAsync(full.Address, await FakePeer.RefusingAsync());

        await scenario.IsNotFoundAsync(_blob.Path);
        await scenario.IsNotFoundAsync(_blob.Path);

        silent.Requests.Count.ShouldBe(1);
        scenario.Agent.Statistics.Misses.ShouldBe(2);
        scenario.Agent.Log.Errors.ShouldBeEmpty();
    });

    [Fact]
    public async Task A_seed_that_stays_silent_hides_no_holder_and_is_not_asked_any_more()
    {
        await using var silent = FakePeer.Silent();
        await using var holder = FakePeer.Holding(_blob);
        await using var agent = await TestAgent.StartAsync(await nodes.EmptyAsync(), [silent.Address, holder.Address]);

        // Where the machine itself is too slow, the holder is avoided for a moment too.
        await Eventually.IsTrueAsync(() => Fetch(agent).Status == 200, "the blob comes from the other seed");
        await Eventually.IsTrueAsync(() => agent.Health.IsAvoided(silent.Peer, null), "the silent one is avoided");
        var asked = silent.Requests.Count;
        await Eventually.IsTrueAsync(() => Fetch(agent).Status == 200, "the blob comes again");

        silent.Requests.Count.ShouldBe(asked);
    }

    [Fact]
    public Task A_seed_that_comes_back_is_asked_again() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var up = false;
        var peer = scenario.Add(new FakePeer(async exchange =>
        {
            if (!Volatile.Read(ref up))
            {
                exchange.Reset();
                return;
            }

            await (exchange.Request.IsProbe ? exchange.SendEmptyAsync(200)
                : exchange.Request.Method == "HEAD" ? exchange.SendHeadAsync(200, ("Content-Length", $"{_blob.Length}"))
                : exchange.SendBlobAsync(_blob));
        }));
        await scenario.StartAsync();
        await scenario.IsNotFoundAsync(_blob.Path);
        scenario.Agent.Health.IsAvoided(peer.Peer, null).ShouldBeTrue();

        Volatile.Write(ref up, true);

        await Eventually.IsTrueAsync(() => Fetch(scenario.Agent).Status == 200, "it is asked again");
    });

    private RawResponse Fetch(TestAgent agent) => RawClient.GetAsync(agent.Registry, _blob.Path).GetAwaiter().GetResult();
}
