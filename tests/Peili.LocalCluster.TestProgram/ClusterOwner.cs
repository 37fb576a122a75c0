using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Images;

namespace Peili.LocalCluster.TestProgram;

/// <summary>Owns a cluster in full swing, says where it is, and waits to be killed.</summary>
internal static class ClusterOwner
{
    internal static async Task<int> RunAsync(string agentProgram)
    {
        await using var cluster = await Cluster.StartAsync(new ClusterOptions { Nodes = 2 });
        var image = await cluster.PublishAsync(new ImageRecipe { Seed = 1 }, "app", "v1");
        foreach (var node in cluster.Nodes)
        {
            await node.Containerd.PullAsync(image.ByTag);
            await node.Agent.StartAsync(new AgentOptions { Program = agentProgram, Seeds = [] });
        }

        cluster.Nodes[0].Agent.Pause();
        await Console.Out.WriteLineAsync(cluster.Directory);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
