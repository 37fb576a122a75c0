using System.Text.Json;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Images;

namespace Peili.Pulls.Tests;

/// <summary>What the other nodes are told of, and what people see of it by <c>status</c> and <c>locate</c>.</summary>
public abstract class AnnouncementTests(MirroredCluster nodes) : ClusterTest(nodes)
{
    [Fact]
    public async Task What_is_removed_from_containerd_is_withdrawn()
    {
        await PrepareAsync();
        var image = await SmallImageAsync();
        await PullAndAnnounceAsync(Nodes.First, image);

        // containerd tells nobody of what garbage collection removes.
        await Nodes.First.Containerd.RemoveImageAsync(image.ByTag, Cancelled);

        var layer = image.Image.Layers[0].Digest;
        await EventuallyAsync(async () => (await HoldersAsync(Nodes.Second, layer)).Count == 0);
        await EventuallyAsync(async () => (await HoldersAsync(Nodes.Third, image.ByTag)).Count == 0);
    }

    [Fact]
    public async Task Registry_and_filter_bound_what_is_announced()
    {
        await PrepareAsync();
        await Nodes.Second.Agent.StopAsync(Cancelled);
        await Nodes.Second.Agent.StartAsync(Nodes.OptionsOf("--filter", "/hidden"), Cancelled);
        await Nodes.Cluster.WaitJoinedAsync(Cancelled);
        var hidden = await Nodes.Cluster.PublishAsync(
            new ImageRecipe { Seed = MirroredCluster.NextSeed() }, $"test/hidden{MirroredCluster.NextSeed()}", "v1", Cancelled);
        var shown = await SmallImageAsync();

        await PullAsync(Nodes.Second, hidden.ByTag);
        await PullAndAnnounceAsync(Nodes.Second, shown);

        (await HoldersAsync(Nodes.First, shown.ByTag)).ShouldContain(Nodes.Second.Name);
        (await HoldersAsync(Nodes.First, hidden.ByTag)).ShouldBeEmpty();
        (await HoldersAsync(Nodes.First, hidden.Image.Layers[0].Digest)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Status_and_locate_say_who_is_there_and_who_holds_what()
    {
        await PrepareAsync();
        var image = await SmallImageAsync();
        await PullAndAnnounceAsync(Nodes.First, image);

        var status = await RunAgentAsync(Nodes.Second, "status");
        status.ExitCode.ShouldBe(0, status.Error);
        status.Output.ShouldContain("2 alive");
        status.Output.ShouldContain(Nodes.First.Machine.Address.ToString());
        var json = await RunAgentAsync(Nodes.Second, "status", "--output", "json");
        JsonDocument.Parse(json.Output).RootElement.GetProperty("overlay").GetProperty("members").GetArrayLength().ShouldBe(2);

        var found = await RunAgentAsync(Nodes.Second, "locate", image.ByTag);
        found.ExitCode.ShouldBe(0, found.Error);
        found.Output.ShouldContain($"{Nodes.First.Name} ");
        found.Output.ShouldNotContain(Nodes.Third.Name);
        (await RunAgentAsync(Nodes.Third, "locate", image.Image.Layers[0].Digest)).ExitCode.ShouldBe(0);
        var nobody = await RunAgentAsync(Nodes.Second, "locate", "nobody.test/has/this:1");
        (nobody.ExitCode, nobody.Output.Split('\n')[0]).ShouldBe((1, "no node holds nobody.test/has/this:1"));
        (await RunAgentAsync(Nodes.Second, "locate", "sha256:1")).ExitCode.ShouldBe(64);
        var silent = await RunAgentAsync(Nodes.Second, "status", "--ops-address", "127.0.0.1:9");
        (silent.ExitCode, silent.Error.Contains("no agent answers on 127.0.0.1:9", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    private static async Task<IReadOnlyList<string>> HoldersAsync(ClusterNode node, string reference) =>
    [
        .. (await node.Agent.ReadAsync($"/locate?ref={Uri.EscapeDataString(reference)}", Cancelled)).GetProperty("holders").EnumerateArray()
            .Where(holder => holder.GetProperty("announced").GetBoolean())
            .Select(holder => holder.GetProperty("node").GetString()!),
    ];

    private static async Task<(int ExitCode, string Output, string Error)> RunAgentAsync(ClusterNode node, params string[] arguments)
    {
        // By files: lines that come through a pipe may be read a moment after the process has ended.
        var (output, error) = (Path.Combine(node.Directory, "output"), Path.Combine(node.Directory, "error"));
        await using var process = await node.Machine.StartProcessAsync(
            "sh", ["-c", $"exec \"$0\" \"$@\" >{output} 2>{error}", AgentOptions.DefaultProgram, .. arguments], cancellationToken: Cancelled);
        var exitCode = await process.Exited.WaitAsync(Patience, Cancelled);
        return (exitCode, await File.ReadAllTextAsync(output, Cancelled), await File.ReadAllTextAsync(error, Cancelled));
    }
}
