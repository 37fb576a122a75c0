using System.Diagnostics;
using Peili.LocalCluster.Kubernetes;

namespace Peili.LocalCluster.TestProgram;

/// <summary>Owns a Kubernetes cluster with a pod on each node, says where it is, how to use it and what it took, and waits to be killed.</summary>
internal static class KubernetesOwner
{
    private const string Pods =
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: pods }
        spec:
          selector: { matchLabels: { name: pods } }
          template:
            metadata: { labels: { name: pods } }
            spec: { containers: [{ name: pause, image: "peili.test/pause:1" }] }
        """;

    internal static async Task<int> RunAsync(int nodes)
    {
        var started = Stopwatch.GetTimestamp();
        await using var cluster = await KubernetesCluster.StartAsync(new KubernetesClusterOptions { Nodes = nodes });
        var ready = Stopwatch.GetElapsedTime(started);
        (await cluster.KubectlAsync(["apply", "-f", "-"], Pods)).OutputOrThrow("apply");
        (await cluster.KubectlAsync(["rollout", "status", "daemonset/pods", "--timeout=300s"])).OutputOrThrow("rollout");
        await Console.Out.WriteLineAsync(cluster.Machines.Directory);
        await Console.Out.WriteLineAsync($"kubectl --kubeconfig={cluster.KubeConfig}");
        await Console.Out.WriteLineAsync(
            $"ready in {ready.TotalSeconds:F1} s, a pod on each node in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; MiB: "
            + string.Join(", ", cluster.ReadMemory().Select(process => $"{process.Key} {process.Value >> 20}")));
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
