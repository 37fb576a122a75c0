using System.Globalization;
using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>The small demonstration, without Kubernetes: agents beside containerds, which are asked to pull as kubelet asks them.</summary>
internal sealed class AgentDemonstration
{
    private static readonly TimeSpan PullTimeout = TimeSpan.FromSeconds(60);

    private readonly Cluster _cluster;
    private readonly PushedImage _image;
    private readonly Screen _screen;
    private readonly Ledger _ledger;

    private AgentDemonstration(Cluster cluster, PushedImage image, Screen screen)
    {
        _cluster = cluster;
        _image = image;
        _screen = screen;
        _ledger = new Ledger(cluster);
    }

    /// <summary>Runs it from the start to the end. Returns whether every promise was kept.</summary>
    /// <param name="release">What the nodes run.</param>
    /// <param name="keep">Whether to leave the nodes running until somebody says that it is enough.</param>
    /// <param name="screen">Where to tell it.</param>
    /// <param name="cancellationToken">Ends it at once; nothing is left behind.</param>
    public static async Task<bool> RunAsync(ContainerdRelease release, bool keep, Screen screen, CancellationToken cancellationToken)
    {
        screen.Step("starting three nodes and an upstream registry, in network namespaces of their own");
        var options = new ClusterOptions { Nodes = 3, Node = new NodeOptions { Containerd = release } };
        await using var cluster = await Cluster.StartAsync(options, cancellationToken);
        var version = await ReadVersionAsync(cluster.Nodes[0], cancellationToken);
        foreach (var node in cluster.Nodes)
        {
            var took = await node.Agent.StartAsync(cancellationToken: cancellationToken);
            screen.Step(string.Create(
                CultureInfo.InvariantCulture,
                $"{node.Name} ({node.Machine.Address}): containerd {version}, agent ready in {took.TotalMilliseconds:0} ms"));
        }

        screen.Step("making an image and pushing it to upstream");
        var image = await cluster.PublishAsync(DemoImages.Shop, "demo/shop", "1.0", cancellationToken);
        var kept = await new AgentDemonstration(cluster, image, screen).RunAsync(cancellationToken);
        if (keep)
        {
            await AgentLookAround.RunAsync(cluster, image, screen, cancellationToken);
        }

        return kept;
    }

    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (first, second, third) = (_cluster.Nodes[0], _cluster.Nodes[1], _cluster.Nodes[2]);
        DemoImages.Describe(_image, _screen);
        await PullAsync(first, _image.ByTag, cancellationToken);
        await _cluster.WaitAnnouncedAsync(first, _image.Image, cancellationToken);

        await _ledger.SwitchUpstreamOffAsync(cancellationToken);
        _screen.Step("upstream is switched off");
        await PullAsync(second, _image.ByTag, cancellationToken);
        await PullAsync(third, _image.ByDigest, cancellationToken);
        _screen.Step($"{second.Name} and {third.Name} remove the image, to pull it the other way round");
        await second.Containerd.RemoveImageAsync(_image.ByTag, cancellationToken);
        await third.Containerd.RemoveImageAsync(_image.ByDigest, cancellationToken);
        await PullAsync(second, _image.ByDigest, cancellationToken);
        await PullAsync(third, _image.ByTag, cancellationToken);

        PullTable.Show(_screen, _ledger.Pulls, "CRI PullImage as kubelet calls it, unpacking included.");
        var promises = new Promises(_screen);
        await _ledger.CheckAsync(promises, cancellationToken);
        return promises.AllKept;
    }

    private async Task PullAsync(ClusterNode node, string reference, CancellationToken cancellationToken)
    {
        _screen.Step($"{node.Name} pulls it {Pull.HowOf(reference)}");
        await _ledger.PullAsync(
            node, _image, reference, () => node.Containerd.PullAsync(reference, PullTimeout, cancellationToken), cancellationToken);
    }

    // "Server:", then "  Version:  1.6.20~ds1"
    private static async Task<string> ReadVersionAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        var result = await node.Containerd.RunCtrAsync(["version"], cancellationToken);
        var server = result.OutputOrThrow("ctr version").Split("Server:")[^1];
        return server.Split('\n').First(line => line.Contains("Version:", StringComparison.Ordinal)).Split(':')[^1].Trim();
    }
}
