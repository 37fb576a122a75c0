using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;

namespace Peili.LocalCluster.Tests;

public sealed class ContentTests : ClusterTest
{
    [Fact]
    public async Task A_corrupted_blob_and_a_removed_one_are_found()
    {
        await using var cluster = await StartAsync();
        var content = cluster.Nodes[0].Containerd.Content;
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);
        await ShouldPullAsync(cluster.Nodes[0], image.ByTag);

        content.Corrupt(image.Image.Layers[1], offset: 1_500_000);
        content.Remove(image.Image.Layers[0]);

        var problems = await content.FindProblemsAsync(image.Image.Blobs, Cancellation);
        problems.Count.ShouldBe(2);
        problems.ShouldContain($"{image.Image.Layers[0].Digest} is missing");
        problems.ShouldContain(problem => problem.StartsWith($"{image.Image.Layers[1].Digest} has the bytes of", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_under_way_is_seen_as_an_ingest()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];
        var image = await cluster.PublishAsync(ImageRecipe.OneLayer(seed: 1, 4_000_000), "app", "v1", Cancellation);
        var layer = image.Image.Layers[0];
        await cluster.Upstream.Machine.LimitSendingAsync(16_000_000, Cancellation);

        var pull = node.Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);
        await EventuallyAsync(
            () => node.Containerd.Content.ReadIngests().Any(ingest =>
                ingest.Reference == $"layer-{layer.Digest}" && ingest.Written > 0 && ingest.Total == layer.Size),
            "the layer's ingest grows");

        (await pull).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Chunked_fetching_asks_for_ranges()
    {
        var settings = new ContainerdSettings { ConcurrentLayerFetchBuffer = 1024 * 1024 };
        await using var cluster = await StartAsync(1, ContainerdRelease.V2_1, settings: settings);
        var image = await cluster.PublishAsync(ImageRecipe.OneLayer(seed: 1, 6_000_000), "app", "v1", Cancellation);

        await ShouldPullAsync(cluster.Nodes[0], image.ByTag);

        await ShouldHaveAsync(cluster.Nodes[0], image.Image);
        var requests = await cluster.Upstream.ReadRequestsAsync(Cancellation);
        var ranges = requests.Where(request => request.Target.EndsWith(image.Image.Layers[0].Digest, StringComparison.Ordinal))
            .Select(request => request.Range).ToList();
        ranges.ShouldContain("bytes=0-");
        ranges.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Counting_can_start_anew()
    {
        await using var cluster = await StartAsync();
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);
        await ShouldPullAsync(cluster.Nodes[0], image.ByTag);

        await cluster.Upstream.ForgetRequestsAsync(Cancellation);
        var none = await cluster.Upstream.ReadRequestsAsync(Cancellation);
        await cluster.Nodes[0].Containerd.PullAsync($"{image.Registry}/nothing:v1", cancellationToken: Cancellation);
        var some = await cluster.Upstream.ReadRequestsAsync(Cancellation);

        none.ShouldBeEmpty();
        some.ShouldNotBeEmpty();
        some.ShouldAllBe(request => request.Status == 404 && request.Target.StartsWith("/v2/nothing/"));
    }
}
