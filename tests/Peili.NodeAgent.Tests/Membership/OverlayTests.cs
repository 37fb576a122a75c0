using System.Net;
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

        await MeetAsync(second, "first");
        var member = (await second.ReadStatusAsync()).Overlay.Members.ShouldHaveSingleItem();
        (member.Address, member.Zone, member.Condition).ShouldBe(($"{first.Peer}", "eu-1", null));

        await Eventually.IsTrueAsync(async () => (await second.LocateAsync($"{nodes.Layer}")).Holders is [{ Announced: true }], "the layer is announced");
        await Eventually.IsTrueAsync(async () => (await second.LocateAsync("registry.test/team/app:1")).Holders is [{ Announced: true }], "the tag is announced");
        var report = await second.LocateAsync($"{nodes.Layer}");
        report.Complete.ShouldBeTrue();
        report.Holders.ShouldBe([new HolderReport("first", $"{first.Peer}", "eu-1", Announced: true, Holds: true)]);

        var answer = await RawClient.GetAsync(second.Registry, $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test");
        answer.Status.ShouldBe((int)HttpStatusCode.OK);
        answer.Body.ToArray().ShouldBe(nodes.Image.Blobs[nodes.Layer]);
        (await RawClient.GetAsync(second.Registry, "/v2/team/app/manifests/1?ns=registry.test")).Status.ShouldBe((int)HttpStatusCode.OK);

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

        await MeetAsync(second, "first");
        await MeetAsync(first, "second");
        (await first.ReadStatusAsync()).Overlay.Members.ShouldHaveSingleItem().Zone.ShouldBe("eu-2");
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

    private static Task MeetAsync(TestAgent agent, string other) => Eventually.IsTrueAsync(
        async () => (await agent.ReadStatusAsync()).Overlay.Members.Any(member => member.Name == other && member.State == "alive"), $"{other} is met");

    private static async Task SayAsync(int expected, string[] said, params string[] arguments)
    {
        var (status, output, errors) = await AgentExecutable.RunAsync(arguments);
        status.ShouldBe(expected, errors);
        foreach (var text in said)
        {
            output.ShouldContain(text);
        }
    }
}
