using Peili.Docs.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Docs.Tests;

/// <summary>The commands of a page, on a node with a real containerd where everybody has it.</summary>
public sealed class NodeTests
{
    private const string Hosts = "tests/Peili.NodeAgent.Tests/Flavors/Hosts";

    public static TheoryData<string> Pages { get; } =
        [.. Page.All.Where(page => page.Path != QuickStartTests.Path && page.Blocks.Any(block => block.IsRun)).Select(page => page.Path)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_does_what_it_says(string path)
    {
        Assert.SkipWhen(Cluster.WhyNot(ContainerdRelease.V1_6) is not null, Cluster.WhyNot(ContainerdRelease.V1_6) ?? "");
        var page = Page.Of(path);
        await using var cluster = await Cluster.StartAsync(new ClusterOptions { Nodes = 0 }, Cancellation);

        // One shell goes on from block to block, but each host has its own.
        foreach (var blocks in page.Blocks.Where(block => block.IsRun).GroupBy(block => block.Value("host")))
        {
            var node = await cluster.AddNodeAsync(
                new NodeOptions(),
                (machine, directory) => NodeFileSystem.PrepareAsync(machine, directory, cluster.HostsFile, $"peili-{cluster.Id}-{machine.Name}", Cancellation),
                Cancellation);
            await PrepareAsync(cluster, node, page, blocks.Key);
            if (blocks.Any(block => block.Words.Contains("agent")))
            {
                await node.Agent.StartAsync(cancellationToken: Cancellation);
            }

            var transcript = new Transcript(Directory.CreateDirectory(Path.Combine(node.Directory, "page")).FullName, page, [.. blocks], text => text);
            await using var shell = await node.Machine.StartProcessAsync("/bin/bash", [transcript.Script], cancellationToken: Cancellation);
            transcript.Check(await shell.Exited.WaitAsync(TimeSpan.FromMinutes(2), Cancellation));
        }
    }

    // An image under the name that pages use, the files of a host, and k3s' own as the page has it.
    private static async Task PrepareAsync(Cluster cluster, ClusterNode node, Page page, string? host)
    {
        var image = await cluster.PublishAsync(ImageRecipe.OneLayer(seed: 1, 100_000), "library/redis", "7", Cancellation);
        (await node.Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation)).ShouldNotBeNull();
        (await node.Containerd.RunCtrAsync(["images", "tag", image.ByTag, "docker.io/library/redis:7"], Cancellation)).OutputOrThrow("ctr images tag");
        if (host is not null)
        {
            // Not through links: /etc/os-release is one, out of what the node may write.
            (await node.Machine.RunAsync("cp", ["--recursive", "--remove-destination", Checkout.PathOf([.. Hosts.Split('/'), host, "root", "."]), "/"], Cancellation)).OutputOrThrow(host);
        }

        if (page.Blocks.FirstOrDefault(block => block is { Language: "yaml", Class: "registries" }) is { } registries)
        {
            var file = Path.Combine(node.Directory, "registries.yaml");
            await File.WriteAllTextAsync(file, registries.Text + "\n", Cancellation);
            (await node.Machine.RunAsync("install", ["-D", file, "/etc/rancher/k3s/registries.yaml"], Cancellation)).OutputOrThrow("registries.yaml");
        }
    }
}
