using Peili.LocalCluster;
using Peili.LocalCluster.Agents;

namespace Peili.Pulls.Tests;

/// <summary>Agents find each other without Kubernetes, DNS or a registry, and say what stands between them.</summary>
public sealed class MembershipTests(Cluster1_6 nodes) : ClusterTest(nodes), IClassFixture<Cluster1_6>
{
    [Fact]
    public async Task All_agents_restarted_at_once_find_each_other_again_from_the_state_path_alone()
    {
        await PrepareAsync();
        var image = await SmallImageAsync();
        await PullAndAnnounceAsync(Nodes.First, image);
        await Nodes.Cluster.Upstream.StopAsync();
        await Task.WhenAll(Nodes.Cluster.Nodes.Select(node => node.Agent.StopAsync(Cancelled)));

        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Nodes.Cluster.Nodes.Select(node => node.Agent.StartAsync(Nodes.OptionsOf() with { Seeds = [] }, Cancelled)));
        await Nodes.Cluster.WaitJoinedAsync(Cancelled);
        Report($"all agents were members again {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s after a restart without seeds");

        await Nodes.Cluster.WaitAnnouncedAsync(Nodes.First, image.Image, Cancelled);
        await PullAsync(Nodes.Second, image.ByDigest);
        await ShouldHoldAsync(Nodes.Second, image.Image);
    }

    [Fact]
    public async Task A_node_alone_is_ready_and_joins_once_a_seed_file_names_another()
    {
        await PrepareAsync();
        var third = Nodes.Third;
        await third.Agent.StopAsync(Cancelled);
        Directory.Delete(third.Agent.StatePath, recursive: true);
        var file = Path.Combine(Nodes.Cluster.Directory, "seeds");
        await File.WriteAllTextAsync(file, "# nobody yet\n", Cancelled);

        await third.Agent.StartAsync(Nodes.OptionsOf("--seed-file", file) with { Seeds = [] }, Cancelled);

        (await StatusOf(third)).GetProperty("overlay").GetProperty("members").GetArrayLength().ShouldBe(0);
        (await StatusOf(third)).GetProperty("notReady").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        await File.WriteAllTextAsync(file, $"{Nodes.First.Name}:{AgentProcess.PeerPort}\n", Cancelled);
        await Nodes.Cluster.WaitJoinedAsync(Cancelled);
    }

    [Fact]
    public async Task Udp_blocked_between_two_nodes_is_said_and_kills_nobody()
    {
        await PrepareAsync();
        await Nodes.First.Machine.BlockUdpAsync(Nodes.Second.Machine, Cancelled);
        await Nodes.Second.Machine.BlockUdpAsync(Nodes.First.Machine, Cancelled);
        try
        {
            await EventuallyAsync(async () => await ConditionAsync(Nodes.First, Nodes.Second) == "UdpBlocked");
            await EventuallyAsync(async () => await ConditionAsync(Nodes.Second, Nodes.First) == "UdpBlocked");
            foreach (var node in Nodes.Cluster.Nodes)
            {
                var overlay = (await StatusOf(node)).GetProperty("overlay");
                overlay.GetProperty("members").EnumerateArray().ShouldAllBe(member => member.GetProperty("state").GetString() == "alive");
            }

            var image = await SmallImageAsync();
            await PullAsync(Nodes.First, image.ByTag);
            await Nodes.Cluster.Upstream.StopAsync();
            await EventuallyAsync(async () => (await Nodes.Second.Containerd.PullAsync(image.ByDigest, Patience, Cancelled)).Succeeded);
        }
        finally
        {
            await Nodes.First.Machine.UnblockUdpAsync(Nodes.Second.Machine, Cancelled);
            await Nodes.Second.Machine.UnblockUdpAsync(Nodes.First.Machine, Cancelled);
        }

        await EventuallyAsync(async () => await ConditionAsync(Nodes.First, Nodes.Second) is null && await ConditionAsync(Nodes.Second, Nodes.First) is null);
    }

    private static async Task<string?> ConditionAsync(ClusterNode node, ClusterNode of) =>
        (await StatusOf(node)).GetProperty("overlay").GetProperty("members").EnumerateArray()
            .Single(member => member.GetProperty("name").GetString() == of.Name).GetProperty("condition").GetString();

    private static Task<System.Text.Json.JsonElement> StatusOf(ClusterNode node) => MirroredCluster.ReadStatusAsync(node, Cancelled);
}
