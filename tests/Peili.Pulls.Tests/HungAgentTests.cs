using System.Diagnostics;
using Peili.LocalCluster.Agents;

namespace Peili.Pulls.Tests;

/// <summary>
/// A stopped agent cannot bound itself: the kernel accepts for it, and containerd waits minutes. Its supervisor kills it, and the waiting pull
/// goes on from upstream.
/// </summary>
public abstract class HungAgentTests(MirroredCluster nodes) : ClusterTest(nodes)
{
    /// <summary>The supervisor's promise is 15 s; the rest is for a machine that is busy while it keeps it.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15 + 10);

    /// <summary>Three failures within 15 s, wherever in a period the agent stops, leave 4 s a period: 3 x 4 s and the last probe's timeout of 1 s.</summary>
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan WatchdogSec = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_liveness_probe_of_kubelet_kills_it_and_the_waiting_pull_goes_on()
    {
        await PrepareAsync();
        await using var probe = new LivenessProbe(Nodes.Second, new LivenessProbeOptions { Period = ProbePeriod });
        await PullThroughHungAgentAsync("kubelet's liveness probe", () => probe.Kills);
    }

    [Fact]
    public async Task The_watchdog_of_systemd_kills_it_and_the_waiting_pull_goes_on()
    {
        await PrepareAsync();
        await Nodes.Second.Agent.StopAsync(Cancelled);
        await using var watchdog = await SystemdWatchdog.StartAsync(Nodes.Second, WatchdogSec, Nodes.OptionsOf(), Cancelled);
        await EventuallyAsync(() => Task.FromResult(watchdog.Messages.Contains("READY=1") && watchdog.Messages.Contains("WATCHDOG=1")));
        watchdog.Kills.ShouldBeEmpty();
        await PullThroughHungAgentAsync("systemd's watchdog", () => watchdog.Kills);
    }

    private async Task PullThroughHungAgentAsync(string supervisor, Func<IReadOnlyList<DateTimeOffset>> kills)
    {
        var image = await SmallImageAsync();
        Nodes.Second.Agent.Pause();
        var stopped = Stopwatch.StartNew();

        var pull = Nodes.Second.Containerd.PullAsync(image.ByTag, TimeSpan.FromMinutes(2), Cancelled);
        await EventuallyAsync(() => Task.FromResult(kills().Count > 0));
        var killed = stopped.Elapsed;
        var result = await pull;

        Report($"{supervisor} killed the hung agent after {killed.TotalSeconds:0.0} s; the pull took {result.Elapsed.TotalSeconds:0.0} s");
        result.Error.ShouldBeNull(Nodes.ReadAgentLogs());
        killed.ShouldBeLessThan(Bound);
        result.Elapsed.ShouldBeLessThan(Bound);
        await ShouldHoldAsync(Nodes.Second, image.Image);
        await EventuallyAsync(() => Task.FromResult(Nodes.Second.Agent.IsRunning));
    }
}
