using System.Diagnostics;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster;

/// <summary>What this machine must have.</summary>
internal static class Prerequisites
{
    private static readonly string[] Programs = ["docker-registry", "nginx", "ip", "tc", "unshare", "nsenter"];
    private static readonly Lazy<string?> Reason = new(Find);

    // Of the 107 bytes of a socket's address, "/1a2b3c/node254/run/containerd/containerd.sock" takes 46.
    private const int LongestRoot = 61;

    /// <summary>What is missing, in one line, or null. It is looked for once.</summary>
    internal static string? WhyNot => Reason.Value;

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "a local cluster needs Linux";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "a local cluster needs root, for namespaces and mounts";
        }

        var missing = Programs.Where(program => Tools.TryFind(program) is null).ToList();
        return missing.Count > 0
            ? $"not installed: {string.Join(", ", missing)} (scripts/install-packages)"
            : ClusterDirectory.Root.Length > LongestRoot
                ? $"{ClusterDirectory.Root} is too long a path for unix sockets below it (TMPDIR)"
                : RefusalOfNamespaces();
    }

    private static string? RefusalOfNamespaces()
    {
        // What containerd's snapshots need is refused where TMPDIR is itself an overlay, as in most containers.
        const string trial =
            """
            mount -t tmpfs tmpfs /run && ip link add br0 type bridge || exit
            cd "$1" && mkdir lower upper work merged && mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay merged
            """;
        var directory = Directory.CreateTempSubdirectory("peili-trial-");
        try
        {
            return Try(trial, directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string? Try(string script, string argument)
    {
        var start = Tools.Prepare(
            "unshare", ["--fork", "--pid", "--mount", "--mount-proc", "--net", "--", "sh", "-c", script, "trial", argument]);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("unshare did not start");
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"no namespaces or mounts here: {error.ReplaceLineEndings(" ").Trim()}";
    }
}
