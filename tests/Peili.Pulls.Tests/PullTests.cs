using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Processes;

namespace Peili.Pulls.Tests;

/// <summary>What users see: real pulls of one containerd version, on three nodes with agents and an upstream registry.</summary>
public abstract class PullTests(MirroredCluster nodes) : ClusterTest(nodes)
{
    [Fact]
    public async Task With_upstream_off_an_image_is_pulled_by_tag_by_digest_and_for_one_platform_of_an_index()
    {
        await PrepareAsync();
        var plain = await Nodes.PublishAsync(new ImageRecipe { Seed = MirroredCluster.NextSeed() }, Cancelled);
        var index = await Nodes.PublishAsync(new ImageRecipe { Seed = MirroredCluster.NextSeed() }.WithIndex(), Cancelled);
        await PullAndAnnounceAsync(Nodes.First, plain);
        await PullAndAnnounceAsync(Nodes.First, index);
        await Nodes.Cluster.Upstream.StopAsync();

        await PullUntilUpstreamIsKnownDownAsync(Nodes.Second, plain.ByTag);
        await PullAsync(Nodes.Third, plain.ByDigest);
        await PullAsync(Nodes.Second, index.ByDigest);
        await PullUntilUpstreamIsKnownDownAsync(Nodes.Third, index.ByTag);

        foreach (var node in Nodes.Cluster.Nodes)
        {
            await ShouldHoldAsync(node, plain.Image);
            await ShouldHoldAsync(node, index.Image);
        }

        await Nodes.Cluster.Upstream.StartAsync(Cancelled);
        (await Nodes.Cluster.Upstream.ReadRequestsAsync(Cancelled)).ShouldAllBe(request => request.Client.Equals(Nodes.First.Machine.Address) || !request.IsBlobDownload);
    }

    [Fact]
    public async Task An_imported_image_is_pulled_by_tag_and_by_digest()
    {
        await PrepareAsync();
        var (reference, image) = await ImportAsync(Nodes.First);

        await PullAsync(Nodes.Second, $"{reference}:v1");
        await PullAsync(Nodes.Third, $"{reference}@{image.Root.Digest}");

        await ShouldHoldAsync(Nodes.Second, image);
        await ShouldHoldAsync(Nodes.Third, image);
    }

    [Fact]
    public async Task With_upstream_on_an_image_that_no_peer_has_takes_at_most_50_ms_more_than_without_an_agent()
    {
        await PrepareAsync();
        await Nodes.Third.Agent.StopAsync(Cancelled);

        // The machine is shared: a round in which something else ran is repeated, and the best of three counts.
        var added = TimeSpan.MaxValue;
        for (var round = 0; round < 3 && added > TimeSpan.FromMilliseconds(50); round++)
        {
            List<TimeSpan> with = [], without = [];
            for (var pull = 0; pull < 10; pull++)
            {
                // Another image each time, and the order alternates, so that neither finds the registry's caches warmer.
                var images = new[] { await SmallImageAsync(), await SmallImageAsync() };
                var turns = new[] { (Nodes.Second, with), (Nodes.Third, without) };
                foreach (var ((node, times), image) in pull % 2 == 0 ? turns.Zip(images) : turns.Reverse().Zip(images))
                {
                    times.Add(await PullAsync(node, image.ByTag));
                }
            }

            added = Median(with) - Median(without);
            Report($"median pull with agent {Median(with).TotalMilliseconds:0} ms, without {Median(without).TotalMilliseconds:0} ms");
        }

        added.ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task With_the_agent_stopped_a_pull_goes_to_upstream()
    {
        await PrepareAsync();
        await Nodes.Second.Agent.StopAsync(Cancelled);
        var image = await SmallImageAsync();

        await PullAsync(Nodes.Second, image.ByTag);

        await ShouldHoldAsync(Nodes.Second, image.Image);
    }

    [Fact]
    public async Task With_every_peer_unreachable_a_pull_goes_to_upstream_within_the_bounds()
    {
        await PrepareAsync();
        var image = await SmallImageAsync();
        await PullAndAnnounceAsync(Nodes.First, image);
        await Nodes.First.Machine.FallSilentAsync(Cancelled);
        await Nodes.Third.Machine.FallSilentAsync(Cancelled);
        try
        {
            // Silent peers cost one bounded wait, on the first request, and nothing after it.
            var elapsed = await PullAsync(Nodes.Second, image.ByTag);
            Report($"pull with silent peers: {elapsed.TotalMilliseconds:0} ms");
            elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        }
        finally
        {
            await Nodes.First.Machine.SpeakAsync(Cancelled);
            await Nodes.Third.Machine.SpeakAsync(Cancelled);
        }

        await Nodes.Cluster.WaitJoinedAsync(Cancelled);
    }

    [Fact]
    public async Task After_a_crash_of_containerd_the_agent_goes_on()
    {
        await PrepareAsync();
        var before = await SmallImageAsync();
        var after = await SmallImageAsync();
        await PullAndAnnounceAsync(Nodes.First, before);

        // Under load: another node is pulling from it while its containerd goes down and comes back.
        var large = await OneLayerAsync(100_000_000);
        await PullAndAnnounceAsync(Nodes.First, large);
        var underLoad = Nodes.Second.Containerd.PullAsync(large.ByDigest, Patience, Cancelled);
        await Nodes.First.Containerd.RestartAsync(Signal.Kill, Cancelled);
        (await underLoad).Error.ShouldBeNull(Nodes.ReadAgentLogs());

        await PullAsync(Nodes.First, after.ByTag);
        await EventuallyAsync(async () => (await MirroredCluster.ReadStatusAsync(Nodes.First, Cancelled)).GetProperty("containerd").GetProperty("connected").GetBoolean());
        await Nodes.Cluster.Upstream.StopAsync();
        await PullAsync(Nodes.Third, before.ByDigest);
        await EventuallyAsync(async () => (await Nodes.Third.Containerd.PullAsync(after.ByDigest, Patience, Cancelled)).Succeeded);
        Nodes.First.Agent.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public async Task A_corrupted_blob_of_a_peer_is_never_committed_and_the_pull_succeeds_at_the_latest_on_the_next_attempt()
    {
        await PrepareAsync();
        var image = await OneLayerAsync(20_000_000);
        await PullAndAnnounceAsync(Nodes.First, image);
        Nodes.First.Containerd.Content.Corrupt(image.Image.Layers[0], offset: 9_000_000);

        var attempts = 0;
        PullResult result;
        do
        {
            result = await Nodes.Second.Containerd.PullAsync(image.ByDigest, Patience, Cancelled);
            attempts++;
        }
        while (!result.Succeeded && attempts < 2);

        Report($"attempts until the pull succeeded: {attempts}");
        result.Error.ShouldBeNull(Nodes.ReadAgentLogs());
        await ShouldHoldAsync(Nodes.Second, image.Image);
        (await MirroredCluster.ReadTotalAsync(Nodes.Second, "wrongDigests", Cancelled)).ShouldBePositive();

        // The one good copy now serves the third node; the corrupted one is not taken a second time.
        await Nodes.Cluster.Upstream.StopAsync();
        await EventuallyAsync(async () => (await Nodes.Third.Containerd.PullAsync(image.ByDigest, Patience, Cancelled)).Succeeded);
        await ShouldHoldAsync(Nodes.Third, image.Image);
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
