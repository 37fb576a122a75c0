using Peili.LocalCluster;
using Peili.LocalCluster.Images;

namespace Peili.Pulls.Tests;

/// <summary>What every test on a mirrored cluster needs.</summary>
public abstract class ClusterTest(MirroredCluster nodes)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected MirroredCluster Nodes => nodes;

    /// <summary>Skips where no cluster can run; otherwise every node and the upstream work.</summary>
    protected async Task PrepareAsync()
    {
        Assert.SkipWhen(nodes.WhyNot is not null, nodes.WhyNot ?? string.Empty);
        await nodes.RestoreAsync(Cancelled);
    }

    protected Task<PushedImage> SmallImageAsync() => nodes.PublishAsync(new ImageRecipe { Seed = MirroredCluster.NextSeed() }, Cancelled);

    protected Task<PushedImage> OneLayerAsync(long size) => nodes.PublishAsync(ImageRecipe.OneLayer(MirroredCluster.NextSeed(), size), Cancelled);

    /// <summary>Imports an image that no registry has.</summary>
    protected async Task<(string Reference, BuiltImage Image)> ImportAsync(ClusterNode node)
    {
        var before = await CountImagesAsync(node);
        var image = await nodes.Cluster.BuildAsync(new ImageRecipe { Seed = MirroredCluster.NextSeed() }, Cancelled);
        var reference = $"air.gap/imported/app{MirroredCluster.NextSeed()}";
        var archive = Path.Combine(image.Directory, "archive.tar");
        await image.WriteOciArchiveAsync(archive, $"{reference}:v1", Cancelled);
        await node.Containerd.ImportAsync(archive, Cancelled);
        await EventuallyAsync(async () => await CountImagesAsync(node) > before);
        await nodes.Cluster.WaitAnnouncedAsync(node, image, Cancelled);
        return (reference, image);
    }

    /// <summary>One pull that must succeed.</summary>
    protected async Task<TimeSpan> PullAsync(ClusterNode node, string reference)
    {
        var result = await node.Containerd.PullAsync(reference, Patience, Cancelled);
        result.Error.ShouldBeNull($"pull of {reference} on {node.Name}\n{nodes.ReadAgentLogs()}");
        return result.Elapsed;
    }

    /// <summary>One pull that must succeed, and that every other agent has heard of.</summary>
    protected async Task PullAndAnnounceAsync(ClusterNode node, PushedImage image)
    {
        await PullAsync(node, image.ByTag);
        await nodes.Cluster.WaitAnnouncedAsync(node, image.Image, Cancelled);
    }

    /// <summary>Pulls a tag as kubelet does, again and again: until the agent has seen that upstream is down it leaves tags to it, by design.</summary>
    protected Task PullUntilUpstreamIsKnownDownAsync(ClusterNode node, string reference) =>
        EventuallyAsync(async () => (await node.Containerd.PullAsync(reference, Patience, Cancelled)).Succeeded);

    /// <summary>Every blob of the image is in the node's content store with the right bytes.</summary>
    protected static async Task ShouldHoldAsync(ClusterNode node, BuiltImage image) =>
        (await node.Containerd.Content.FindProblemsAsync(image.Blobs, Cancelled)).ShouldBeEmpty(node.Name);

    protected async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!await condition())
        {
            (Environment.TickCount64 < deadline).ShouldBeTrue($"not within {Patience}\n{nodes.ReadAgentLogs()}");
            await Task.Delay(50, Cancelled);
        }
    }

    /// <summary>A figure for whoever reads the test's output.</summary>
    protected static void Report(string figure) => TestContext.Current.SendDiagnosticMessage(figure);

    private static async Task<int> CountImagesAsync(ClusterNode node) =>
        (await MirroredCluster.ReadStatusAsync(node, Cancelled)).GetProperty("containerd").GetProperty("images").GetInt32();
}
