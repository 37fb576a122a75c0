using System.Diagnostics;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Systemd;

/// <summary>What this machine must have for a host with systemd.</summary>
internal static class SystemdPrerequisites
{
    internal const string Program = "/lib/systemd/systemd";

    private const string Trial =
        """
        mkdir "$1" && rmdir "$1" || exit
        exec unshare --fork --pid --mount --mount-proc --cgroup --uts --ipc -- \
            sh -c 'umount --lazy --recursive /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup'
        """;

    private static readonly Lazy<string?> Reason = new(Find);

    /// <summary>What is missing, in one line, or null. It is looked for once.</summary>
    internal static string? WhyNot => Reason.Value;

    /// <summary>The folder of this process' cgroup in the unified hierarchy; null without one.</summary>
    internal static string? OwnGroup()
    {
        // "36 25 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw", and "0::/user.slice"
        var mount = File.ReadLines("/proc/self/mountinfo").FirstOrDefault(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))?.Split(' ')[4];
        var path = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
        return mount is null || path is null ? null : mount + path.TrimEnd('/');
    }

    private static string? Find() =>
        Prerequisites.WhyNot
        ?? (!File.Exists(Program) || Tools.TryFind("dbus-daemon") is null ? "systemd or dbus-daemon is not installed (scripts/install-packages)"
            : OwnGroup() is not { } group ? "no cgroup2 is mounted here"
            : Try(Path.Combine(group, $"peili-trial-{Environment.ProcessId}")));

    private static string? Try(string group)
    {
        using var process = Process.Start(Tools.Prepare("sh", ["-c", Trial, "trial", group])) ?? throw new InvalidOperationException("sh did not start");
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"no cgroups for a systemd here: {error.ReplaceLineEndings(" ").Trim()}";
    }
}
