namespace Peili.Pulls.Tests;

/// <summary>containerd 2.1 with parallel chunk fetching on.</summary>
public sealed class ParallelFetchTests(ParallelFetchCluster nodes) : ClusterTest(nodes), IClassFixture<ParallelFetchCluster>
{
    [Fact]
    public async Task A_layer_is_fetched_in_parallel_pieces_from_a_peer()
    {
        await PrepareAsync();
        var image = await OneLayerAsync(60_000_000);
        await PullAndAnnounceAsync(Nodes.First, image);
        await Nodes.Cluster.Upstream.StopAsync();

        await PullAsync(Nodes.Second, image.ByDigest);

        await ShouldHoldAsync(Nodes.Second, image.Image);
        (await MirroredCluster.ReadTotalAsync(Nodes.Second, "peerBytes", Cancelled)).ShouldBeGreaterThanOrEqualTo(image.Image.Layers[0].Size);
    }

    [Fact]
    public async Task Without_a_peer_the_pieces_come_from_upstream()
    {
        await PrepareAsync();
        var image = await OneLayerAsync(30_000_000);

        await PullAsync(Nodes.Third, image.ByDigest);

        await ShouldHoldAsync(Nodes.Third, image.Image);
    }
}
