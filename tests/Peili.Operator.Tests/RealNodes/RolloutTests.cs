using System.Text.Json.Nodes;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Operator.Tests.RealNodes;

/// <summary>The operator and the agents in pods, on three nodes with a real kubelet and a real containerd each.</summary>
public sealed class RolloutTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_apply_to_delete()
    {
        await using var cluster = await RealCluster.StartAsync(new KubernetesNodeOptions { Taints = ["peili.dev/agent-not-ready=:NoSchedule"] });
        var before = cluster.ReadHosts();
        await cluster.InstallAsync();
        await cluster.ApplyMirrorAsync("default");
        await cluster.WaitUntilReadyAsync();

        var statuses = JsonNode.Parse(await cluster.KubectlAsync("get", "nodemirrorstatus", "-o", "json"))!["items"]!.AsArray();
        statuses.Select(status => $"{status!["metadata"]!["name"]} {status["status"]!["verdict"]} {status["status"]!["overlay"]!["alive"]}")
            .ShouldBe(cluster.Nodes.Select(node => $"{node.Name} Compatible 3"), ignoreOrder: true);
        (await cluster.KubectlAsync("get", "nodes", "-o", "jsonpath={.items[*].spec.taints[*].key}")).ShouldNotContain("peili.dev");

        var image = await cluster.Machines.PublishAsync(ImageRecipe.OneLayer(seed: 1, 5_000_000), "team/app", "v1", Cancellation);
        var second = await cluster.Machines.PublishAsync(ImageRecipe.OneLayer(seed: 2, 5_000_000), "team/second", "v1", Cancellation);
        await cluster.PullAsync(0, image.ByTag);
        await cluster.PullAsync(0, second.ByTag);
        await cluster.Machines.Upstream.StopAsync();
        await cluster.PullAsync(1, image.ByTag);
        await cluster.PullAsync(2, image.ByTag);

        await cluster.Kubernetes.StopApiServerAsync();
        await cluster.PullAsync(1, second.ByTag);
        await cluster.Kubernetes.StartApiServerAsync(Cancellation);
        await cluster.Machines.Upstream.StartAsync(Cancellation);

        await cluster.KubectlAsync("delete", "registrymirror", "default", "--timeout=300s");
        cluster.ReadHosts().ShouldBe(before);
        await RealCluster.IsTrueAsync(async () => (await cluster.KubectlAsync("get", "daemonset", "-n", "peili-system", "-o", "name")).Length == 0, "the DaemonSet goes");
    }
}
