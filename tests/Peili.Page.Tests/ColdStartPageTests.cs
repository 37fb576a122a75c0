using Microsoft.Playwright;
using Peili.AgentApi;
using Peili.Operator.Page;
using Peili.Page.Tests.Support;

namespace Peili.Page.Tests;

/// <summary>The relay tree of a cold start, on the cluster's page and as it is put together.</summary>
public sealed class ColdStartPageTests(Browser browser)
{
    private const string Tree = "#cold-starts-list > .blob:first-child";

    [Fact]
    public async Task The_tree_grows_as_it_is_told_and_what_is_closed_stays_closed()
    {
        IReadOnlyDictionary<string, IReadOnlyList<FetchedBlob>> told = new Dictionary<string, IReadOnlyList<FetchedBlob>>();
        await using var cluster = await ClusterScene.StartAsync(() => ClusterScene.Cluster(3), coldStarts: () => told);
        await using var visit = await browser.OpenAsync(cluster.Page, shows: "#cold-starts-empty");

        told = ColdStartScene.Tell(["node-1", "node-2"], percent: 10);
        await visit.SeesAsync($"{Tree} h3", "docker.io/library/app");
        await visit.SeesAsync($"{Tree} .tree > li > details > summary", "origin, from docker.io");
        await Assertions.Expect(visit[$"{Tree} .tree li"]).ToHaveCountAsync(2);
        await Assertions.Expect(visit[$"{Tree} .tree > li > details > ul > li progress"]).ToHaveAttributeAsync("aria-label", "Bytes on node-2");

        told = ColdStartScene.Tell(["node-1", "node-2", "node-3", "node-4"], percent: 50);
        await Assertions.Expect(visit[$"{Tree} .tree li"]).ToHaveCountAsync(4);
        await visit.SeesAsync($"{Tree} .tree > li > details > summary", "3 below, 46 %");
        await Assertions.Expect(visit[$"{Tree} .tree > li > details > ul > li:first-child > details > ul"]).ToContainTextAsync("node-4");
        await Assertions.Expect(visit[$"{Tree} > progress"]).ToHaveAttributeAsync("aria-label", $"docker.io/library/app {ColdStartScene.Largest}, on all nodes");

        await visit[$"{Tree} .tree > li > details > summary"].PressAsync("Enter");
        await Assertions.Expect(visit[$"{Tree} .tree > li > details > ul"]).ToBeHiddenAsync();
        told = ColdStartScene.Tell(["node-1", "node-2", "node-3", "node-4", "node-5"], percent: 100);
        await visit.SeesAsync($"{Tree} .tree > li > details > summary", "4 below");
        await Assertions.Expect(visit[$"{Tree} .tree > li > details > ul"]).ToBeHiddenAsync();
        await Assertions.Expect(visit[$"{Tree} .tree > li > details > summary"]).ToBeFocusedAsync();
        await visit.SeesAsync($"{Tree} > p", "1 of 5 nodes have it");

        told = new Dictionary<string, IReadOnlyList<FetchedBlob>>();
        await Assertions.Expect(visit["#cold-starts-empty"]).ToBeVisibleAsync();
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_five_hundred_nodes_three_generations_are_open_and_the_others_counted()
    {
        string[] names = [Scenes.HostileName, .. Enumerable.Range(2, 499).Select(ClusterScene.NameOf)];
        var told = ColdStartScene.Tell(names, percent: 62);
        await using var cluster = await ClusterScene.StartAsync(() => ClusterScene.Cluster(3), coldStarts: () => told);
        await using var visit = await browser.OpenAsync(cluster.Page, shows: $"{Tree} .tree");

        await visit.SeesAsync($"{Tree} > p", "0 of 500 nodes have it");
        await visit.SeesAsync($"{Tree} .tree > li > details > summary", "499 below");
        await visit.SeesAsync($"{Tree} .tree-rest", "The 127 nodes nearest to the origin are shown; the other 373 are counted");
        await Assertions.Expect(visit[$"{Tree} .tree-row:visible"]).ToHaveCountAsync(1 + 2 + 4);
        (await visit["img"].CountAsync()).ShouldBe(0);

        await visit[$"{Tree} .tree summary:visible"].Nth(2).PressAsync("Enter");
        await Assertions.Expect(visit[$"{Tree} .tree-row:visible"]).ToHaveCountAsync(1 + 2 + 4 + 2);
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public void A_node_that_holds_the_blob_is_a_root_and_answers_that_contradict_each_other_lose_nobody()
    {
        var tree = RelayTree.Of(new Dictionary<string, FetchedBlob>
        {
            ["b"] = ColdStartScene.Part("holder", 40, 100),
            ["a"] = ColdStartScene.Part("b", 30, 100),
            ["c"] = ColdStartScene.Part("d", 20, 100),
            ["d"] = ColdStartScene.Part("c", 10, 100),
            ["o"] = ColdStartScene.Part("", 90, 100, isOrigin: true),
        });

        tree.Select(node => (node.Name, node.Parent, node.Role, node.Below, node.BelowBytes)).ShouldBe(
        [
            ("o", -1, RelayNodeRole.Origin, 0, 0L),
            ("holder", -1, RelayNodeRole.Source, 2, 70L),
            ("b", 1, RelayNodeRole.Child, 1, 30L),
            ("a", 2, RelayNodeRole.Child, 0, 0L),
            ("c", -1, RelayNodeRole.Child, 1, 10L),
            ("d", 4, RelayNodeRole.Child, 0, 0L),
        ]);
    }

    [Fact]
    public void The_eight_largest_blobs_are_shown_and_none_that_one_node_fetches_alone()
    {
        var told = new Dictionary<string, IReadOnlyList<FetchedBlob>>
        {
            ["a"] = [.. Enumerable.Range(1, 12).Select(size => Blob(size, "", isOrigin: true))],
            ["b"] = [.. Enumerable.Range(1, 11).Select(size => Blob(size, "a", isOrigin: false))],
        };

        ColdStartReport.Of(told).Select(blob => blob.Total).ShouldBe([11, 10, 9, 8, 7, 6, 5, 4]);

        static FetchedBlob Blob(int size, string parent, bool isOrigin) => new() { Digest = $"sha256:{size}", Parent = parent, Origin = isOrigin, Bytes = 1, Total = size };
    }
}
