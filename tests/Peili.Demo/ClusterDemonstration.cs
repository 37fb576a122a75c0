using Peili.LocalCluster;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Kubernetes;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>The demonstration on a whole Kubernetes: operator and agents in pods, and pods that need an image when upstream is off.</summary>
internal sealed class ClusterDemonstration
{
    private static readonly string[] s_programs = ["peili-agent", "peili-operator"];
    private static readonly TimeSpan s_pullTimeout = TimeSpan.FromSeconds(60);

    private readonly KubernetesCluster _cluster;
    private readonly Screen _screen;
    private readonly Kubectl _kubectl;
    private readonly Ledger _ledger;
    private readonly Promises _promises;

    private ClusterDemonstration(KubernetesCluster cluster, Screen screen)
    {
        _cluster = cluster;
        _screen = screen;
        _kubectl = new Kubectl(cluster, screen);
        _ledger = new Ledger(cluster.Machines);
        _promises = new Promises(screen);
    }

    /// <summary>Says in one line why there can be none here, or null.</summary>
    public static string? WhyNot() =>
        KubernetesCluster.WhyNot()
            ?? (s_programs.Select(ArchiveOf).FirstOrDefault(archive => !File.Exists(archive)) is { } missing ? $"no {missing} (make images)" : null);

    /// <summary>Runs it from the start to the end. Returns whether every promise was kept.</summary>
    /// <param name="keep">Whether to leave the cluster running until somebody says that it is enough.</param>
    /// <param name="screen">Where to tell it.</param>
    /// <param name="cancellationToken">Ends it at once; nothing is left behind.</param>
    public static async Task<bool> RunAsync(bool keep, Screen screen, CancellationToken cancellationToken)
    {
        screen.Step(
            $"""
             starting a Kubernetes 1.20 and an upstream registry, in network namespaces of their own:
             a control plane, and three nodes with kubelet and containerd
             that register with the taint {MirrorRollout.Taint}:NoSchedule
             """);
        var options = new KubernetesClusterOptions { Nodes = 3, Node = new KubernetesNodeOptions { Taints = [$"{MirrorRollout.Taint}=:NoSchedule"] } };
        await using var cluster = await KubernetesCluster.StartAsync(options, cancellationToken);
        screen.Step("the nodes are Ready; they import the images of operator and agent");
        foreach (var program in s_programs)
        {
            await cluster.ImportAsync(ArchiveOf(program), cancellationToken);
        }

        var kept = await new ClusterDemonstration(cluster, screen).RunAsync(cancellationToken);
        if (keep)
        {
            await ClusterLookAround.RunAsync(cluster, screen, cancellationToken);
        }

        return kept;
    }

    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (first, second, third) = (_cluster.Machines.Nodes[0], _cluster.Machines.Nodes[1], _cluster.Machines.Nodes[2]);
        await new MirrorRollout(_cluster, _kubectl, _screen, _promises).RunAsync(cancellationToken);

        var shop = await _cluster.Machines.PublishAsync(DemoImages.RunnableShop, "demo/shop", "1.0", cancellationToken);
        var till = await _cluster.Machines.PublishAsync(DemoImages.Till, "demo/till", "1.0", cancellationToken);
        DemoImages.Describe(shop, _screen);
        await StartPodAsync(first, shop, cancellationToken);
        _screen.Step($"{first.Name} pulls {till.Repository}, too, by digest; no other node will have it");
        await PullAsync(first, till, cancellationToken);
        foreach (var image in new[] { shop, till })
        {
            await _cluster.Machines.WaitAnnouncedAsync(first, image.Image, [second, third], cancellationToken);
        }

        await _ledger.SwitchUpstreamOffAsync(cancellationToken);
        _screen.Step(
            $"""
             upstream is switched off
             {second.Name} and {third.Name} never asked it, so the cluster says what its tags are
             (on a node that did, from 30 s after its last answer; kubelet tries again until then)
             """);
        await StartPodAsync(second, shop, cancellationToken);
        await StartPodAsync(third, shop, cancellationToken);
        await _kubectl.ShowAsync("get pods -o wide", cancellationToken);

        await _cluster.StopApiServerAsync();
        _screen.Step($"the API server is stopped; {second.Name} pulls {till.Repository}, as its kubelet would");
        await PullAsync(second, till, cancellationToken);
        var answer = await _kubectl.TryAsync("get --raw /readyz --request-timeout=5s", "", cancellationToken);

        PullTable.Show(_screen, _ledger.Pulls, "shop: from the pod's creation until it is ready; till: CRI PullImage as kubelet calls it.");
        await _ledger.CheckAsync(_promises, cancellationToken);
        _promises.Check("the API server was stopped during the last pull", answer.ExitCode == 0 ? ["it answers"] : []);
        return _promises.AllKept;
    }

    private async Task StartPodAsync(ClusterNode node, PushedImage image, CancellationToken cancellationToken)
    {
        _screen.Step($"a pod on {node.Name} needs {image.Repository}:{image.Tag}");
        var pod = new DemoPod(_kubectl, $"shop-{node.Name}", node.Name, image.ByTag);
        await _ledger.PullAsync(node, image, image.ByTag, () => pod.StartAsync(cancellationToken), cancellationToken);
    }

    private Task PullAsync(ClusterNode node, PushedImage image, CancellationToken cancellationToken) =>
        _ledger.PullAsync(
            node, image, image.ByDigest, () => node.Containerd.PullAsync(image.ByDigest, s_pullTimeout, cancellationToken), cancellationToken);

    private static string ArchiveOf(string program) => Checkout.PathOf("artifacts", "images", $"{program}.tar");
}
