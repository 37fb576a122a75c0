using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Membership;

/// <summary>Two agents that know each other by nothing but the overlay.</summary>
public sealed class OverlayTests(Nodes nodes)
{
    [Fact]
    public async Task What_one_holds_the_other_finds_until_the_one_leaves()
    {
        await using var first = await TestAgent.StartInOverlayAsync(await nodes.HoldingAsync(), "first", [], options => options with { Zone = "eu-1" });
        await using var second = await TestAgent.StartInOverlayAsync(await nodes.EmptyAsync(), "second", [first.Peer]);

        await Eventually.IsTrueAsync(
            async () => (await second.ReadStatusAsync()).Overlay.Members is [{ Name: "first", Zone: "eu-1", State: "alive", Condition: null } member]
                && member.Address == $"{first.Peer}",
            "the first is met");

        var holder = new HolderReport("first", $"{first.Peer}", "eu-1", Announced: true, Holds: true);
        foreach (var reference in new[] { $"{nodes.Layer}", "registry.test/team/app:1" })
        {
            await Eventually.IsTrueAsync(
                async () => await second.LocateAsync(reference) is { Complete: true, Holders: [var found] } && found == holder, $"{reference} is announced");
        }

        (await second.PullAsync($"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test")).ShouldBe(nodes.Image.Blobs[nodes.Layer]);
        (await second.PullAsync("/v2/team/app/manifests/1?ns=registry.test")).ShouldBe(nodes.Image.Blobs[nodes.Image.Target]);

        await SayAsync(0, ["first", "alive"], "status", "--ops-address", $"{second.Operations}");
        await SayAsync(0, ["first", $"{first.Peer}", "yes"], "locate", $"{nodes.Layer}", "--ops-address", $"{second.Operations}");

        await first.StopAsync();

        await Eventually.IsTrueAsync(async () => (await second.ReadStatusAsync()).Overlay.Members is [{ State: "left" }], "the first has left");
        await SayAsync(0, ["1 left"], "status", "--ops-address", $"{second.Operations}");
        await SayAsync(1, ["no node holds"], "locate", "registry.test/team/app:1", "--ops-address", $"{second.Operations}");
    }

    [Fact]
    public async Task The_peers_of_the_last_start_are_as_good_as_seeds()
    {
        using var state = new TestDirectory();
        await using var first = await TestAgent.StartInOverlayAsync(await nodes.EmptyAsync(), "first", []);
        state.Write("overlay.json", $$"""{"epoch":1,"zone":"eu-2","peers":["{{first.Peer}}"]}""");

        await using var second = await TestAgent.StartInOverlayAsync(
            await nodes.EmptyAsync(), "second", [], options => options with { StatePath = state.Path });

        await Eventually.IsTrueAsync(async () => (await second.ReadStatusAsync()).Overlay.Members is [{ Name: "first", State: "alive" }], "the first is met");
        await Eventually.IsTrueAsync(
            async () => (await first.ReadStatusAsync()).Overlay.Members is [{ Name: "second", Zone: "eu-2" }], "the zone is that of the last start");
    }

    [Fact]
    public async Task What_is_no_datagram_of_ours_is_counted_by_its_reason()
    {
        await using var agent = await TestAgent.StartInOverlayAsync(await nodes.EmptyAsync(), "one", []);
        using var client = new System.Net.Sockets.UdpClient();

        await Eventually.IsTrueAsync(
            async () =>
            {
                await client.SendAsync("junk"u8.ToArray(), agent.Peer, TestContext.Current.CancellationToken);
                return (await agent.ReadStatusAsync()).Overlay.Dropped.GetValueOrDefault("malformed") > 0;
            },
            "the datagram is counted");
    }

    /// <summary>Asks by the program until it says so: what a node believes of another may waver on a busy machine.</summary>
    private static Task SayAsync(int expected, string[] said, params string[] arguments) => Eventually.IsTrueAsync(
        async () =>
        {
            var (status, output, _) = await AgentExecutable.RunAsync(arguments);
            return status == expected && said.All(text => output.Contains(text, StringComparison.Ordinal));
        },
        $"{string.Join(' ', arguments)} says {string.Join(", ", said)}");
}
