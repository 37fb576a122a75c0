using System.Security.Cryptography;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster;

/// <summary>
/// The one directory that a cluster writes to, and the lock beside it that says its owner lives. The kernel frees the lock with the
/// owner's last breath, so a directory whose lock can be taken is a leftover, whatever happened.
/// </summary>
internal sealed class ClusterDirectory : IDisposable
{
    /// <summary>Removes the directory that is its first argument, its lock, and the cgroups named after it, whose processes are dead.</summary>
    internal const string Remove =
        """
        for group in /sys/fs/cgroup/peili-"${1##*/}"-* /sys/fs/cgroup/*/peili-"${1##*/}"-*; do
            tries=0
            until [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || [ $((tries += 1)) -gt 100 ]; do sleep 0.1; done
        done
        rm -rf -- "$1" "$1.lock"
        """;

    private const string LockSuffix = ".lock";
    private readonly FileStream _ownerLock;

    private ClusterDirectory(string path, FileStream ownerLock)
    {
        Path = path;
        _ownerLock = ownerLock;
        Directory.CreateDirectory(path);
    }

    /// <summary>Short, for the addresses of unix sockets below it have 107 bytes at most (unix(7)).</summary>
    internal string Path { get; }

    /// <summary>The random part of the path.</summary>
    internal string Id => System.IO.Path.GetFileName(Path);

    /// <summary>Where the directories of all clusters are.</summary>
    internal static string Root => System.IO.Path.Combine(System.IO.Path.GetTempPath(), "peili-clusters");

    /// <inheritdoc/>
    public void Dispose() => _ownerLock.Dispose();

    internal static ClusterDirectory Create()
    {
        Directory.CreateDirectory(Root);
        while (true)
        {
            var path = System.IO.Path.Combine(Root, RandomNumberGenerator.GetHexString(6, lowercase: true));
            var held = TryLock(path + LockSuffix, FileMode.CreateNew);

            // Between creation and lock, somebody's sweep may have taken it for a leftover.
            if (held is not null && File.Exists(path + LockSuffix))
            {
                return new ClusterDirectory(path, held);
            }

            held?.Dispose();
        }
    }

    /// <summary>Removes what dead owners left. Their processes, namespaces and mounts died with them; see <see cref="ClusterSwitch"/>.</summary>
    internal static async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Root))
        {
            return;
        }

        foreach (var lockFile in Directory.EnumerateFiles(Root, "*" + LockSuffix))
        {
            using var held = TryLock(lockFile, FileMode.Open);
            if (held is not null)
            {
                await Command.RunAsync("sh", ["-c", Remove, "sweep", lockFile[..^LockSuffix.Length]], "", cancellationToken);
            }
        }
    }

    // On Unix, FileShare.None is flock(2).
    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
