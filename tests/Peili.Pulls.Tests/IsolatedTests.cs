namespace Peili.Pulls.Tests;

/// <summary>On IPv6 alone, with content_sharing_policy isolated.</summary>
public abstract class IsolatedTests(MirroredCluster nodes) : ClusterTest(nodes)
{
    [Fact]
    public async Task An_image_and_an_imported_one_are_pulled_with_upstream_off()
    {
        await PrepareAsync();
        var image = await SmallImageAsync();
        await PullAndAnnounceAsync(Nodes.First, image);
        var (reference, imported) = await ImportAsync(Nodes.First);
        await Nodes.Cluster.Upstream.StopAsync();

        await PullUntilUpstreamIsKnownDownAsync(Nodes.Second, image.ByTag);
        await PullAsync(Nodes.Third, image.ByDigest);
        await PullAsync(Nodes.Second, $"{reference}:v1");
        await PullAsync(Nodes.Third, $"{reference}@{imported.Root.Digest}");

        await ShouldHoldAsync(Nodes.Second, image.Image);
        await ShouldHoldAsync(Nodes.Third, image.Image);
        await ShouldHoldAsync(Nodes.Second, imported);
        await ShouldHoldAsync(Nodes.Third, imported);
    }
}
