using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Faults;

/// <summary>Fault injection: peers that take connections and never answer, refuse them, or let them hang.</summary>
public sealed class UnreachablePeerTests(Nodes nodes)
{
    private readonly TestBlob _blob = TestBlob.Random(TestBlob.Small);

    [Fact]
    public Task Peers_out_of_reach_make_a_miss_and_are_asked_once() => FaultScenario.RunAsync(nodes, async scenario =>
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
    public async Task A_peer_that_stays_silent_hides_no_holder_and_is_not_asked_any_more()
    {
        await using var silent = FakePeer.Silent();
        await using var holder = FakePeer.Holding(_blob);
        await using var agent = await TestAgent.StartAsync(await nodes.EmptyAsync(), [silent.Address, holder.Address]);

        // Where the machine itself is too slow, the holder is avoided for a moment too.
        await Eventually.IsTrueAsync(() => Fetch(agent).Status == 200, "the blob comes from the other peer");
        await Eventually.IsTrueAsync(() => agent.Locator.IsAvoided(silent.Peer), "the silent one is avoided");
        var asked = silent.Requests.Count;
        await Eventually.IsTrueAsync(() => Fetch(agent).Status == 200, "the blob comes again");

        silent.Requests.Count.ShouldBe(asked);
    }

    private RawResponse Fetch(TestAgent agent) => RawClient.GetAsync(agent.Registry, _blob.Path).GetAwaiter().GetResult();
}
