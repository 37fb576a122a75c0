using Peili.LocalCluster.Agents;

namespace Peili.Pulls.Tests;

/// <summary>The mirror is an OCI registry for others than containerd, too.</summary>
public sealed class OtherClientTests(Cluster1_6 nodes) : ClusterTest(nodes), IClassFixture<Cluster1_6>
{
    [Fact]
    public async Task Skopeo_copies_an_image_from_the_registry_listener_and_verifies_it()
    {
        await PrepareAsync();
        await Nodes.Second.Agent.StopAsync(Cancelled);
        await Nodes.Second.Agent.StartAsync(Nodes.OptionsOf("--registry-auth", "none"), Cancelled);
        var image = await Nodes.PublishAsync(new LocalCluster.Images.ImageRecipe { Seed = MirroredCluster.NextSeed() }.WithIndex(), Cancelled);
        await PullAndAnnounceAsync(Nodes.First, image);
        var target = Path.Combine(Nodes.Cluster.Directory, "skopeo");

        // Node 2 has nothing of it: every byte goes through both agents. skopeo checks each digest as it copies.
        var platform = image.Image.Platforms.Single(built => built.Platform == LocalCluster.Images.ImageRecipe.OwnPlatform);
        var copied = await Nodes.Second.Machine.RunAsync(
            "skopeo",
            [
                "copy", "--preserve-digests", "--src-tls-verify=false", "--insecure-policy", "--tmpdir", Nodes.Cluster.Directory,
                $"docker://{AgentProcess.RegistryEndpoint}/{image.Repository}@{platform.Manifest.Digest}", $"oci:{target}:copy",
            ],
            Cancelled);

        copied.ExitCode.ShouldBe(0, copied.Error + Nodes.ReadAgentLogs());
        foreach (var layer in platform.Layers)
        {
            new FileInfo(Path.Combine(target, "blobs", "sha256", layer.Hex)).Length.ShouldBe(layer.Size);
        }

        (await MirroredCluster.ReadTotalAsync(Nodes.Second, "peerBytes", Cancelled)).ShouldBeGreaterThanOrEqualTo(platform.Layers.Sum(layer => layer.Size));
    }
}
