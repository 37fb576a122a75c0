using System.Text.Json.Nodes;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Operator.Tests.RealNodes;

/// <summary>Nodes whose containerd discards what it has unpacked, each under a systemd of its own, are remedied by the operator.</summary>
public sealed class RemediationTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_nodes_that_discard_layers_become_compatible_one_after_the_other_and_one_that_fails_stops_the_series()
    {
        await using var cluster = await RealCluster.StartAsync(new KubernetesNodeOptions { Systemd = true, Settings = new ContainerdSettings { DiscardUnpackedLayers = true } });
        await cluster.InstallAsync();
        await cluster.ApplyMirrorAsync("default");
        await IsTrueAsync(cluster, async () => await NodesAsync(cluster, "needsConfiguration") == "3", "the operator sees that they need configuration");

        // The second one's configuration cannot be written, as on a system whose /etc is an image.
        var second = cluster.Nodes[1];
        await RemountAsync(second, "ro");
        await cluster.ApplyMirrorAsync("default", new JsonObject { ["containerd"] = new JsonObject { ["remediation"] = "Restart" } });
        var most = 0;
        await IsTrueAsync(
            cluster,
            async () =>
            {
                most = Math.Max(most, await PodsAsync(cluster));
                return (await DegradedAsync(cluster)).Contains("RemediationFailed", StringComparison.Ordinal);
            },
            "the second one fails");
        var degraded = await DegradedAsync(cluster);
        output.WriteLine(degraded);
        degraded.ShouldContain($"node {second.Name}");
        await Task.Delay(TimeSpan.FromSeconds(10), Cancellation);
        (await NodesAsync(cluster, "compatible")).ShouldBe("1", "the others wait");
        EditedOn(cluster).ShouldBe([cluster.Nodes[0].Name]);

        await RemountAsync(second, "rw");
        await cluster.KubectlAsync("delete", "pod", "-n", "peili-system", $"peili-remediate-{second.Name}");
        await IsTrueAsync(
            cluster,
            async () =>
            {
                most = Math.Max(most, await PodsAsync(cluster));
                return await NodesAsync(cluster, "compatible") == "3";
            },
            "all are compatible");
        most.ShouldBe(1, "one at a time");
        await cluster.WaitUntilReadyAsync();
        EditedOn(cluster).ShouldBe(cluster.Nodes.Select(node => node.Name));
        await IsTrueAsync(cluster, async () => await PodsAsync(cluster) == 0, "what remedied them goes");
    }

    private static IEnumerable<string> EditedOn(RealCluster cluster) =>
        cluster.Nodes.Where(node => cluster.ReadHosts(node).Any(file => file.Contains("discard_unpacked_layers = false", StringComparison.Ordinal))).Select(node => node.Name);

    private static async Task RemountAsync(KubernetesNode node, string mode) =>
        (await node.Machine.RunAsync("mount", ["-o", $"remount,bind,{mode}", "/etc/containerd"], Cancellation)).OutputOrThrow($"mount of {node.Name}");

    private static Task<string> DegradedAsync(RealCluster cluster) =>
        cluster.KubectlAsync("get", "registrymirror", "default", "-o", """jsonpath={.status.conditions[?(@.type=="Degraded")]}""");

    private async Task IsTrueAsync(RealCluster cluster, Func<Task<bool>> condition, string what)
    {
        try
        {
            await RealCluster.IsTrueAsync(condition, what);
        }
        catch (ShouldAssertException)
        {
            output.WriteLine(await cluster.DescribeAsync());
            throw;
        }
    }

    private static Task<string> NodesAsync(RealCluster cluster, string verdict) => cluster.KubectlAsync("get", "registrymirror", "default", "-o", $"jsonpath={{.status.nodes.{verdict}}}");

    private static async Task<int> PodsAsync(RealCluster cluster) =>
        (await cluster.KubectlAsync("get", "pods", "-n", "peili-system", "-l", "app.kubernetes.io/name=peili-remediate", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
