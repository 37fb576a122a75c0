using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Tests;

/// <summary>What must hold on every containerd version.</summary>
public abstract class ReleaseTests(ContainerdRelease release) : ClusterTest
{
    [Fact]
    public async Task Three_nodes_pull_an_image_and_the_upstream_counts_every_request()
    {
        await using var cluster = await StartAsync(3, release);
        var image = await cluster.PublishAsync(SmallImage.WithIndex(), "team/app", "v1", Cancellation);

        await ShouldPullAsync(cluster.Nodes[0], image.ByTag);
        await ShouldPullAsync(cluster.Nodes[1], image.ByDigest);
        await ShouldPullAsync(cluster.Nodes[2], image.ByTag);

        var requests = await cluster.Upstream.ReadRequestsAsync(Cancellation);
        foreach (var node in cluster.Nodes)
        {
            await ShouldHaveAsync(node, image.Image);
            var downloads = requests.Where(request => request.Client.Equals(node.Machine.Address) && request.Method == "GET").ToList();
            downloads.Select(request => request.Target.Split('/')[^1]).Order()
                .ShouldBe(image.Image.Blobs.Select(blob => blob.Digest).Order());
            downloads.Sum(request => request.BodyBytes).ShouldBe(image.Image.Blobs.Sum(blob => blob.Size));
            downloads.ShouldAllBe(request => request.Status == 200 && request.UserAgent!.StartsWith("containerd/"));
            requests.ShouldContain(request => request.Client.Equals(node.Machine.Address) && request.Method == "HEAD");
        }

        cluster.Upstream.Machine.ReadLinkCounters().Sent.ShouldBeGreaterThan(3 * image.Image.Blobs.Sum(blob => blob.Size));
    }

    [Fact]
    public async Task A_pull_fails_while_the_upstream_is_off_and_works_when_it_is_back()
    {
        await using var cluster = await StartAsync(1, release);
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);
        var node = cluster.Nodes[0];

        await cluster.Upstream.StopAsync();
        var failed = await node.Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);
        await cluster.Upstream.StartAsync(Cancellation);
        var succeeded = await node.Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);

        failed.Error.ShouldNotBeNull().ShouldContain("connection refused");
        succeeded.Error.ShouldBeNull();
        await ShouldHaveAsync(node, image.Image);
    }

    [Fact]
    public async Task An_imported_archive_has_its_name_and_all_its_blobs()
    {
        await using var cluster = await StartAsync(1, release);
        var node = cluster.Nodes[0];
        var image = await cluster.BuildAsync(SmallImage, Cancellation);
        var archive = Path.Combine(cluster.Directory, "archive.tar");
        await image.WriteOciArchiveAsync(archive, "registry.example/imported:v1", Cancellation);

        await node.Containerd.ImportAsync(archive, Cancellation);

        await ShouldHaveAsync(node, image);
        var names = await node.Containerd.RunCtrAsync(["images", "list", "--quiet"], Cancellation);
        names.Output.ShouldContain("registry.example/imported:v1");
    }

    [Fact]
    public async Task Nodes_with_IPv6_addresses_only_pull_as_well()
    {
        await using var cluster = await StartAsync(2, release, ipv6: true);
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);

        await ShouldPullAsync(cluster.Nodes[1], image.ByTag);

        await ShouldHaveAsync(cluster.Nodes[1], image.Image);
        var addresses = await cluster.Nodes[1].Machine.RunAsync("ip", ["-4", "address", "show", "dev", "eth0"], Cancellation);
        addresses.OutputOrThrow("ip address").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_containerd_that_was_killed_comes_back_with_its_images()
    {
        await using var cluster = await StartAsync(1, release);
        var containerd = cluster.Nodes[0].Containerd;
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);
        await ShouldPullAsync(cluster.Nodes[0], image.ByTag);
        var first = containerd.Process.Id;

        await containerd.RestartAsync(Signal.Kill, Cancellation);

        containerd.Process.Id.ShouldNotBe(first);
        var status = await containerd.ReadImageStatusAsync(image.ByTag, Cancellation);
        status.ShouldNotBeNull().Tags.ShouldContain(image.ByTag);
    }

    [Fact]
    public async Task A_removed_image_leaves_no_blobs()
    {
        await using var cluster = await StartAsync(1, release);
        var containerd = cluster.Nodes[0].Containerd;
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);
        await ShouldPullAsync(cluster.Nodes[0], image.ByTag);

        await containerd.RemoveImageAsync(image.ByTag, Cancellation);

        (await containerd.ReadImageStatusAsync(image.ByTag, Cancellation)).ShouldBeNull();
        await EventuallyAsync(() => !image.Image.Blobs.Any(containerd.Content.Has), "containerd collects the blobs");
    }

    [Fact]
    public async Task Settings_reach_containerd()
    {
        var settings = new ContainerdSettings
        {
            IsolatedContent = true,
            DiscardUnpackedLayers = true,
            ExtraToml = "[debug]\nlevel = \"debug\"",
        };
        await using var cluster = await StartAsync(1, release, settings: settings);
        var containerd = cluster.Nodes[0].Containerd;
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);

        await ShouldPullAsync(cluster.Nodes[0], image.ByTag);

        await EventuallyAsync(() => !image.Image.Layers.Any(containerd.Content.Has), "containerd discards the layers");
        var plugins = await containerd.RunCtrAsync(["plugins", "list", "--detailed", "id==bolt"], Cancellation);
        plugins.Output.ShouldContain("isolated");
        containerd.Log.Lines.ShouldContain(line => line.Contains("level=debug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctr_pulls_another_platform_with_a_hosts_directory_of_its_own()
    {
        await using var cluster = await StartAsync(1, release);
        var containerd = cluster.Nodes[0].Containerd;
        var image = await cluster.PublishAsync(SmallImage.WithIndex(), "app", "v1", Cancellation);
        var foreign = image.Image.Platforms.Single(built => built.Platform != ImageRecipe.OwnPlatform);

        var pull = await containerd.RunCtrAsync(
            ["images", "pull", "--hosts-dir", containerd.HostsDirectory, "--platform", foreign.Platform, image.ByTag], Cancellation);

        pull.OutputOrThrow("ctr images pull");
        (await containerd.Content.FindProblemsAsync(image.Image.BlobsFor(foreign.Platform), Cancellation)).ShouldBeEmpty();
    }
}
