using System.Text.RegularExpressions;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Processes;

namespace Peili.Pulls.Tests;

/// <summary>A new user's way, as in docs/quick-start.md: a node is broken, and found and repaired with nothing but what the agent's commands print.</summary>
public sealed partial class JourneyTests(Cluster1_6 nodes) : ClusterTest(nodes), IClassFixture<Cluster1_6>
{
    private const string Registry = "\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n";

    [Fact]
    public async Task A_misconfigured_containerd_is_found_and_repaired_with_what_check_prints()
    {
        await PrepareAsync();
        var broken = Nodes.Second;
        var file = broken.Containerd.ConfigurationFile;
        var original = await File.ReadAllTextAsync(file, Cancelled);
        try
        {
            await File.WriteAllTextAsync(file, original[..original.IndexOf(Registry, StringComparison.Ordinal)], Cancelled);
            await broken.Containerd.RestartAsync(Signal.Terminate, Cancelled);
            (await PullsFromPeersAsync(broken)).ShouldBeFalse("nothing was broken");

            var found = new List<(ClusterNode Node, string Printed)>();
            foreach (var node in Nodes.Cluster.Nodes)
            {
                var check = await CheckAsync(node);
                check.Status.ShouldBeOneOf([0, 1], check.Error);
                if (check.Status == 1)
                {
                    found.Add((node, check.Output));
                }
            }

            var (culprit, printed) = found.ShouldHaveSingleItem();
            culprit.ShouldBe(broken);
            var remedy = Remedy().Match(printed);
            remedy.Success.ShouldBeTrue(printed);
            remedy.Groups["finding"].Value.ShouldBe("ConfigPathUnset");
            remedy.Groups["restart"].Value.ShouldBe("systemctl restart containerd", "what the test does in its way, for these nodes have no systemd");
            await File.AppendAllTextAsync(remedy.Groups["file"].Value, string.Join('\n', remedy.Groups["line"].Captures.Select(line => line.Value)), Cancelled);
            await culprit.Containerd.RestartAsync(Signal.Terminate, Cancelled);

            var after = await CheckAsync(culprit);
            after.Status.ShouldBe(0, after.Output + after.Error);
            after.Output.ShouldContain("verdict     compatible\n");
            (await PullsFromPeersAsync(culprit)).ShouldBeTrue(printed);
        }
        finally
        {
            await File.WriteAllTextAsync(file, original, CancellationToken.None);
            await broken.Containerd.RestartAsync(Signal.Terminate, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_dead_agent_is_found_with_status_and_its_pulls_are_mirrored_again_once_it_runs()
    {
        await PrepareAsync();
        var broken = Nodes.Second;
        await broken.Agent.KillAsync();

        var there = await StatusAsync(broken);
        there.Status.ShouldBe(1);
        there.Error.ShouldContain($"no agent answers on {AgentProcess.OperationsEndpoint}");
        there.Error.ShouldContain("systemctl status peili-agent");
        await EventuallyAsync(async () => (await AdviceAsync(Nodes.First)).Any(advice => advice.StartsWith($"see whether the agent of {broken.Name} runs", StringComparison.Ordinal)));

        await broken.Agent.StartAsync(cancellationToken: Cancelled);
        await Nodes.Cluster.WaitJoinedAsync(Cancelled);
        (await PullsFromPeersAsync(broken)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_cut_UDP_port_is_found_with_status_from_both_sides()
    {
        await PrepareAsync();
        var (broken, others) = (Nodes.Second, new[] { Nodes.First, Nodes.Third });
        try
        {
            foreach (var other in others)
            {
                await broken.Machine.BlockUdpAsync(other.Machine, Cancelled);
                await other.Machine.BlockUdpAsync(broken.Machine, Cancelled);
            }

            await EventuallyAsync(async () => (await AdviceAsync(broken)).Any(advice =>
                advice.StartsWith($"open UDP {AgentProcess.PeerPort} in both directions between this node and {Nodes.First.Name}, {Nodes.Third.Name}", StringComparison.Ordinal)
                && advice.EndsWith("begin with the firewall of this one", StringComparison.Ordinal)));
            await EventuallyAsync(async () => (await AdviceAsync(Nodes.First)).SequenceEqual(
                [$"open UDP {AgentProcess.PeerPort} in both directions between this node and {broken.Name}: only TCP comes through"]));
        }
        finally
        {
            foreach (var other in others)
            {
                await broken.Machine.UnblockUdpAsync(other.Machine, CancellationToken.None);
                await other.Machine.UnblockUdpAsync(broken.Machine, CancellationToken.None);
            }
        }

        await EventuallyAsync(async () => !(await AdviceAsync(broken)).Any() && !(await AdviceAsync(Nodes.First)).Any());
    }

    /// <summary>Whether a pull of what another node has succeeds with nothing of it from upstream.</summary>
    private async Task<bool> PullsFromPeersAsync(ClusterNode node)
    {
        var image = await SmallImageAsync();
        await PullAndAnnounceAsync(Nodes.First, image);
        await Nodes.Cluster.Upstream.ForgetRequestsAsync(Cancelled);
        if (!(await node.Containerd.PullAsync(image.ByDigest, Patience, Cancelled)).Succeeded)
        {
            // Without certs.d containerd does not know either that this upstream speaks plain HTTP.
            return false;
        }

        await ShouldHoldAsync(node, image.Image);
        return (await Nodes.Cluster.Upstream.ReadRequestsAsync(Cancelled)).All(request => request.BodyBytes == 0 || !request.Client.Equals(node.Machine.Address));
    }

    private static Task<AgentCommand> CheckAsync(ClusterNode node) => AgentCommand.RunAsync(
        node,
        [
            "check", "--flavor", "kubeadm", "--containerd-socket", node.Containerd.SocketPath, "--containerd-config", node.Containerd.ConfigurationFile,
            "--hosts-dir", node.Containerd.HostsDirectory,
        ],
        Cancelled);

    private static Task<AgentCommand> StatusAsync(ClusterNode node) => AgentCommand.RunAsync(node, ["status"], Cancelled);

    private static async Task<IEnumerable<string>> AdviceAsync(ClusterNode node)
    {
        const string Label = "What to do: ";
        return (await StatusAsync(node)).Output.Split('\n').Where(line => line.StartsWith(Label, StringComparison.Ordinal)).Select(line => line[Label.Length..]);
    }

    /// <summary>What a person reads: the finding, the file, how to restart, and the lines to paste.</summary>
    [GeneratedRegex(
        @"^error    (?<finding>\w+).*\n(  .*\n)*?  What to do: Set both in (?<file>/\S+), .*: (?<restart>[^.]+)\..*\n(      (?<line>.*)\n)+",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Remedy();
}
