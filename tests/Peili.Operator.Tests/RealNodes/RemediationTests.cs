using System.Text.Json.Nodes;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Operator.Tests.RealNodes;

/// <summary>Nodes whose containerd discards what it has unpacked, each under a systemd of its own, are remedied by the operator.</summary>
public sealed class RemediationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Three_nodes_that_discard_layers_become_compatible_one_after_the_other()
    {
        await using var cluster = await RealCluster.StartAsync(new KubernetesNodeOptions { Systemd = true, Settings = new ContainerdSettings { DiscardUnpackedLayers = true } });
        await cluster.InstallAsync();
        await cluster.ApplyMirrorAsync("default");
        await RealCluster.IsTrueAsync(async () => await NodesAsync(cluster, "needsConfiguration") == "3", "the operator sees that they need configuration");

        await cluster.ApplyMirrorAsync("default", new JsonObject { ["containerd"] = new JsonObject { ["remediation"] = "Restart" } });
        var most = 0;
        try
        {
            await RealCluster.IsTrueAsync(async () =>
            {
                most = Math.Max(most, await PodsAsync(cluster));
                return await NodesAsync(cluster, "compatible") == "3";
            }, "all are compatible");
        }
        catch (ShouldAssertException)
        {
            output.WriteLine(await cluster.DescribeAsync());
            throw;
        }

        most.ShouldBe(1, "one at a time");
        await cluster.WaitUntilReadyAsync();
        cluster.ReadHosts().Count(file => file.Contains("discard_unpacked_layers = false", StringComparison.Ordinal)).ShouldBe(3);
        await RealCluster.IsTrueAsync(async () => await PodsAsync(cluster) == 0, "what remedied them goes");
    }

    private static Task<string> NodesAsync(RealCluster cluster, string verdict) => cluster.KubectlAsync("get", "registrymirror", "default", "-o", $"jsonpath={{.status.nodes.{verdict}}}");

    private static async Task<int> PodsAsync(RealCluster cluster) =>
        (await cluster.KubectlAsync("get", "pods", "-n", "peili-system", "-l", "app.kubernetes.io/name=peili-remediate", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
