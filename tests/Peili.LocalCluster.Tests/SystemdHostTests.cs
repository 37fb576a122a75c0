using System.Diagnostics;
using Peili.LocalCluster.Systemd;

namespace Peili.LocalCluster.Tests;

public sealed class SystemdHostTests : ClusterTest
{
    [Fact]
    public async Task A_host_runs_its_units_under_the_real_systemd_and_leaves_nothing()
    {
        Assert.SkipWhen(SystemdHost.WhyNot() is not null, SystemdHost.WhyNot() ?? "");
        string root;
        await using (var host = await SystemdHost.CreateAsync(Cancellation))
        {
            root = host.Root;
            host.AddUnit("writer.service", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'echo $$PPID >/var/lib/written'");
            await host.BootAsync(Cancellation);
            await EventuallyAsync(() => File.Exists(host.At("/var/lib/written")) && File.ReadAllText(host.At("/var/lib/written")) == "1\n", "the unit runs below process 1");
            GroupsOf(root).ShouldNotBeEmpty();
        }

        Directory.Exists(root).ShouldBeFalse();
        GroupsOf(root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_whose_owner_is_killed_leaves_nothing()
    {
        Assert.SkipWhen(SystemdHost.WhyNot() is not null, SystemdHost.WhyNot() ?? "");
        using var owner = Process.Start(
            new ProcessStartInfo(TestProgram, ["own-systemd-host"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var root = (await owner.StandardOutput.ReadLineAsync(Cancellation)).ShouldNotBeNull();
        GroupsOf(root).ShouldNotBeEmpty();

        owner.Kill();

        await EventuallyAsync(() => !Directory.Exists(root) && !File.Exists($"{root}.lock") && GroupsOf(root).Count == 0, "the host ends");
    }

    /// <summary>The host's cgroups, by the random part of its folder's name.</summary>
    private static List<string> GroupsOf(string root) => [.. Directory.EnumerateDirectories(
        "/sys/fs/cgroup", $"peili-{Path.GetFileName(root)}", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4 })];
}
