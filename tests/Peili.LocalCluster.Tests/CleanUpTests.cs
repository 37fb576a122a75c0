using System.Diagnostics;

namespace Peili.LocalCluster.Tests;

public sealed class CleanUpTests : ClusterTest
{
    [Fact]
    public async Task A_disposed_cluster_leaves_nothing()
    {
        string directory;
        await using (var cluster = await StartAsync(nodes: 2))
        {
            directory = cluster.Directory;
            ClusterTraces.Of(directory).ShouldNotBeEmpty();
            Directory.EnumerateDirectories("/sys/class/net").ShouldNotContain(link => link.Contains("port"));
        }

        // Another test's start may have a process that inherited a mount for a moment.
        await EventuallyAsync(() => ClusterTraces.Of(directory).Count == 0, "nothing is left");
    }

    [Fact]
    public async Task A_cluster_whose_owner_is_killed_leaves_nothing()
    {
        Assert.SkipWhen(Cluster.WhyNot() is not null, Cluster.WhyNot() ?? "");
        using var owner = StartOwner();
        var directory = await owner.StandardOutput.ReadLineAsync(Cancellation);
        ClusterTraces.Of(directory.ShouldNotBeNull()).Count.ShouldBeGreaterThan(5);

        owner.Kill();

        await EventuallyAsync(() => ClusterTraces.Of(directory).Count == 0, $"the cluster ends: {string.Join('\n', ClusterTraces.Of(directory))}");
    }

    [Fact]
    public async Task What_a_killed_owner_and_a_killed_keeper_leave_goes_with_the_next_start()
    {
        Assert.SkipWhen(Cluster.WhyNot() is not null, Cluster.WhyNot() ?? "");
        using var owner = StartOwner();
        var directory = await owner.StandardOutput.ReadLineAsync(Cancellation);
        using var keeper = Process.GetProcessById(KeeperOf(directory.ShouldNotBeNull()));

        keeper.Kill();
        owner.Kill();
        await EventuallyAsync(
            () => !ClusterTraces.Of(directory).Any(trace => trace.StartsWith("/proc", StringComparison.Ordinal)), "the processes end");
        await using var next = await StartAsync();

        // Another test's start may have come first and be at it still.
        await EventuallyAsync(() => ClusterTraces.Of(directory).Count == 0, "the directory is swept");
    }

    [Fact]
    public async Task A_start_leaves_living_clusters_alone()
    {
        await using var cluster = await StartAsync();
        await using var next = await StartAsync();

        Directory.Exists(cluster.Directory).ShouldBeTrue();
        cluster.Nodes[0].Containerd.Process.Exited.IsCompleted.ShouldBeFalse();
    }

    private static Process StartOwner()
    {
        var start = new ProcessStartInfo(TestProgram, ["own-cluster", TestProgram]) { UseShellExecute = false, RedirectStandardOutput = true };
        return Process.Start(start) ?? throw new InvalidOperationException($"{TestProgram} did not start");
    }

    private static int KeeperOf(string directory) =>
        int.Parse(Path.GetFileName(Path.GetDirectoryName(ClusterTraces.Of(directory).Single(trace =>
            trace.StartsWith("/proc", StringComparison.Ordinal)
            && ClusterTraces.Read(trace).EndsWith($"peili-keeper\0{directory}\0", StringComparison.Ordinal))))!, null);
}
