using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;

namespace Peili.LocalCluster.Tests;

/// <summary>What tests on a real cluster have in common.</summary>
public abstract class ClusterTest
{
    /// <summary>The program that stands in for the agent.</summary>
    protected static string TestProgram { get; } = Path.Combine(AppContext.BaseDirectory, "Peili.LocalCluster.TestProgram");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static ImageRecipe SmallImage { get; } =
        new() { Seed = 7, Layers = [new LayerRecipe(300) { Gzip = true }, new LayerRecipe(3_000_000), new LayerRecipe(900_000) { Compressible = true, Gzip = true }] };

    /// <summary>Starts a cluster, or skips the test where that cannot be.</summary>
    protected static Task<Cluster> StartAsync(
        int nodes = 1, ContainerdRelease release = ContainerdRelease.V1_6, bool ipv6 = false, ContainerdSettings? settings = null)
    {
        Assert.SkipWhen(Cluster.WhyNot(release) is not null, Cluster.WhyNot(release) ?? "");
        var node = new NodeOptions { Containerd = release, Settings = settings ?? new ContainerdSettings() };
        return Cluster.StartAsync(new ClusterOptions { Nodes = nodes, Node = node, IPv6 = ipv6 }, Cancellation);
    }

    /// <summary>Waits for something that happens by itself soon; the bound is for a machine that is very busy.</summary>
    protected static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        var deadline = Environment.TickCount64 + 60_000;
        while (!condition())
        {
            (Environment.TickCount64 < deadline).ShouldBeTrue(what);
            await Task.Delay(20, Cancellation);
        }
    }

    protected static async Task ShouldPullAsync(ClusterNode node, string reference)
    {
        var result = await node.Containerd.PullAsync(reference, cancellationToken: Cancellation);
        result.Error.ShouldBeNull();
    }

    protected static async Task ShouldHaveAsync(ClusterNode node, BuiltImage image) =>
        (await node.Containerd.Content.FindProblemsAsync(image.Blobs, Cancellation)).ShouldBeEmpty();
}
