using System.Diagnostics;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Kubernetes;

namespace Peili.LocalCluster.Tests;

public sealed class KubernetesCleanUpTests : KubernetesTest
{
    [Fact]
    public async Task A_disposed_cluster_leaves_nothing()
    {
        Skip(ContainerdRelease.V1_7);
        string directory;
        var options = new KubernetesClusterOptions { Nodes = 1, Node = new KubernetesNodeOptions { Containerd = ContainerdRelease.V1_7 } };
        await using (var cluster = await KubernetesCluster.StartAsync(options, Cancellation))
        {
            directory = cluster.Machines.Directory;
            await ApplyAsync(cluster, DaemonSet("pods", "peili.test/pause:1"));
            await ShouldComeToAsync(cluster, "1", "get", "daemonset", "pods", "--output=jsonpath={.status.numberReady}");
            ClusterTraces.Of(directory).ShouldContain(trace => trace.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal));
        }

        await EventuallyAsync(() => ClusterTraces.Of(directory).Count == 0, "nothing is left");
    }

    [Fact]
    public async Task A_cluster_whose_owner_is_killed_leaves_nothing()
    {
        Skip(ContainerdRelease.V1_6);
        using var owner = Process.Start(
            new ProcessStartInfo(TestProgram, ["own-kubernetes", "1"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var directory = (await owner.StandardOutput.ReadLineAsync(Cancellation)).ShouldNotBeNull();
        ClusterTraces.Of(directory).Count.ShouldBeGreaterThan(10);

        owner.Kill();

        await EventuallyAsync(
            () => ClusterTraces.Of(directory).Count == 0, $"the cluster ends: {string.Join('\n', ClusterTraces.Of(directory))}");
    }

    private static void Skip(ContainerdRelease release) =>
        Assert.SkipWhen(KubernetesCluster.WhyNot(release) is not null, KubernetesCluster.WhyNot(release) ?? "");
}
