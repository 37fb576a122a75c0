using Google.Protobuf.Collections;
using Microsoft.Extensions.DependencyInjection;
using Peili.AgentApi;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Control;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.ColdStart;

/// <summary>What an agent tells the operator of what it fetches together with others.</summary>
public sealed class SharedFetchTests(Nodes nodes)
{
    [Fact]
    public async Task It_tells_whom_it_streams_from_and_for_some_seconds_that_it_has_it_whole()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var first = await TestAgent.StartInOverlayAsync(await nodes.HoldingAsync(), "first", []);
        await using var second = await TestAgent.StartInOverlayAsync(containerd, "second", [first.Peer]);
        var store = second.Services.GetRequiredService<ImageStoreWatcher>().ContentStore.ShouldNotBeNull();
        Told(second).ShouldBeEmpty();
        using var ingest = new ImitatedIngest(store, nodes.Image.Blobs[nodes.Layer]);
        ingest.Open();

        await Eventually.IsTrueAsync(
            async () => (await RawClient.GetAsync(second.Registry, $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test")).Status == 200 && Told(second).Count > 0, "the first is found, and sends it");
        var coming = Told(second).ShouldHaveSingleItem();
        (coming.Digest, coming.Registry, coming.Repository).ShouldBe((nodes.Layer.ToString()[..19], "registry.test", "team/app"));
        (coming.Parent, coming.Origin, coming.Total).ShouldBe(("first", false, ingest.Content.Length));
        ingest.Write(ingest.Content.Length);
        ingest.Commit();

        await Eventually.IsTrueAsync(() => Told(second) is [{ Bytes: var bytes, Total: var total, Parent: "first" }] && bytes == ingest.Content.Length && bytes == total, "it is complete");
        Told(first).ShouldBeEmpty();
    }

    private static RepeatedField<FetchedBlob> Told(TestAgent agent) => agent.Services.GetRequiredService<NodeStatus>().Read().ColdStart;
}
