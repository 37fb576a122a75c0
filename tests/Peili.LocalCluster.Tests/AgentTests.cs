using System.Net;
using Peili.LocalCluster.Agents;

namespace Peili.LocalCluster.Tests;

public sealed class AgentTests : ClusterTest
{
    private static AgentOptions Agent { get; } = new() { Program = TestProgram };

    private static Uri Livez { get; } = new($"http://{AgentProcess.OperationsEndpoint}/livez");

    [Fact]
    public async Task An_agent_runs_on_its_node_with_the_arguments_of_its_node()
    {
        await using var cluster = await StartAsync(nodes: 2);
        var node = cluster.Nodes[1];

        await node.Agent.StartAsync(Agent with { ExtraArguments = ["--zone", "a"] }, Cancellation);

        using var client = node.Machine.CreateHttpClient();
        using var answer = await client.GetAsync(Livez, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        node.Agent.Log.ShouldContain(
            $"serve --insecure --node-name node2 --containerd-socket {node.Containerd.SocketPath} --registry-address 127.0.0.1:29950 "
            + "--peer-address 0.0.0.0:29951 --advertise-address 10.88.0.3:29951 --ops-address 127.0.0.1:29952 "
            + $"--state-path {node.Agent.StatePath} --seed 10.88.0.2:29951 --seed 10.88.0.3:29951 "
            + $"--hosts-dir {node.Containerd.HostsDirectory} --zone a");
        var usage = node.Agent.Process.ReadUsage();
        usage.ResidentBytes.ShouldBeInRange(1_000_000, 1_000_000_000);
        usage.PeakResidentBytes.ShouldBeGreaterThanOrEqualTo(usage.ResidentBytes);
        usage.ProcessorTime.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task An_agent_that_does_not_become_ready_is_reported_with_what_it_wrote()
    {
        await using var cluster = await StartAsync();

        var start = cluster.Nodes[0].Agent.StartAsync(Agent with { ExtraArguments = ["--fail"] }, Cancellation);

        (await Should.ThrowAsync<InvalidOperationException>(start)).Message.ShouldContain("--fail");
        cluster.Nodes[0].Agent.IsRunning.ShouldBeFalse();
        (await cluster.Nodes[0].Agent.Process.Exited).ShouldBe(64);
    }

    [Fact]
    public async Task A_paused_agent_accepts_and_does_not_answer_until_it_is_resumed()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];
        await node.Agent.StartAsync(Agent, Cancellation);
        using var client = node.Machine.CreateHttpClient();

        node.Agent.Pause();
        var answer = client.GetAsync(Livez, Cancellation);
        await Task.Delay(500, Cancellation);
        answer.IsCompleted.ShouldBeFalse();
        node.Agent.Resume();

        using var late = await answer;
        late.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_agent_ends_in_order_or_at_once_and_starts_again()
    {
        await using var cluster = await StartAsync();
        var agent = cluster.Nodes[0].Agent;

        await agent.StartAsync(Agent, Cancellation);
        var ended = await agent.StopAsync(Cancellation);
        await agent.StartAsync(cancellationToken: Cancellation);
        agent.IsRunning.ShouldBeTrue();
        await agent.KillAsync();

        ended.ShouldBe(143);
        agent.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task A_liveness_probe_kills_and_restarts_an_agent_that_hangs_and_no_other()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];
        await node.Agent.StartAsync(Agent, Cancellation);
        var first = node.Agent.Process.Id;
        var options = new LivenessProbeOptions
        {
            Period = TimeSpan.FromMilliseconds(200),
            Timeout = TimeSpan.FromSeconds(2),
            GracePeriod = TimeSpan.FromMilliseconds(100),
        };

        await using (var probe = new LivenessProbe(node, options))
        {
            await Task.Delay(1000, Cancellation);
            probe.Kills.ShouldBeEmpty();
            node.Agent.Pause();
            await EventuallyAsync(() => probe.Kills.Count > 0 && node.Agent.IsRunning, "the probe restarts the agent");
        }

        node.Agent.Process.Id.ShouldNotBe(first);
    }

    [Fact]
    public async Task A_watchdog_kills_and_restarts_an_agent_whose_heart_stops()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];

        // On a busy machine heartbeats come late.
        await using (var watchdog = await SystemdWatchdog.StartAsync(node, TimeSpan.FromSeconds(10), Agent, Cancellation))
        {
            var first = node.Agent.Process.Id;
            await EventuallyAsync(() => watchdog.Messages.Count(message => message == "WATCHDOG=1") > 2, "heartbeats come");
            watchdog.Messages.ShouldContain("READY=1");
            watchdog.Kills.ShouldBeEmpty();
            node.Agent.Pause();
            await EventuallyAsync(() => watchdog.Kills.Count > 0 && node.Agent.IsRunning, "the watchdog restarts the agent");
            node.Agent.Process.Id.ShouldNotBe(first);
        }
    }
}
