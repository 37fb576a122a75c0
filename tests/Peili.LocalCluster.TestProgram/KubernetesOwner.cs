using Peili.LocalCluster.Kubernetes;

namespace Peili.LocalCluster.TestProgram;

/// <summary>Owns a Kubernetes cluster, says where it is and where its kubeconfig is, and waits to be killed.</summary>
internal static class KubernetesOwner
{
    internal static async Task<int> RunAsync(int nodes)
    {
        await using var cluster = await KubernetesCluster.StartAsync(new KubernetesClusterOptions { Nodes = nodes });
        await Console.Out.WriteLineAsync(cluster.Machines.Directory);
        await Console.Out.WriteLineAsync(cluster.KubeConfig);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
