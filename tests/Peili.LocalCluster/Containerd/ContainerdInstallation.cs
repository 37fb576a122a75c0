using System.Collections.Concurrent;
using System.Diagnostics;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Containerd;

/// <summary>Where the programs of one containerd version are on this machine.</summary>
/// <param name="Program">The daemon.</param>
/// <param name="Ctr">Its command line, of the same version.</param>
public sealed record ContainerdInstallation(string Program, string Ctr)
{
    private static readonly ConcurrentDictionary<ContainerdRelease, ContainerdInstallation?> Known = new();

    /// <summary>Says in one line why this version cannot be run here, or null.</summary>
    public static string? WhyNot(ContainerdRelease release)
    {
        if (TryFind(release) is not null)
        {
            return null;
        }

        var reason = Path.Combine(Cache, $"{VersionOf(release)}.unavailable");
        return File.Exists(reason)
            ? File.ReadAllText(reason).Trim()
            : $"containerd {VersionOf(release)} is not on this machine (scripts/fetch-containerd)";
    }

    /// <summary>The programs of a version.</summary>
    /// <exception cref="FileNotFoundException">This machine does not have it.</exception>
    public static ContainerdInstallation Find(ContainerdRelease release) =>
        TryFind(release) ?? throw new FileNotFoundException(WhyNot(release));

    private static string Cache =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "peili",
            "containerd");

    private static string VersionOf(ContainerdRelease release) =>
        release switch
        {
            ContainerdRelease.V1_6 => "1.6",
            ContainerdRelease.V1_7 => "1.7",
            _ => "2.1",
        };

    private static ContainerdInstallation? TryFind(ContainerdRelease release) => Known.GetOrAdd(release, Search);

    private static ContainerdInstallation? Search(ContainerdRelease release)
    {
        var directory = Path.Combine(Cache, VersionOf(release), "usr", "bin");
        if (File.Exists(Path.Combine(directory, "containerd")))
        {
            return new ContainerdInstallation(Path.Combine(directory, "containerd"), Path.Combine(directory, "ctr"));
        }

        return Tools.TryFind("containerd") is { } program && Tools.TryFind("ctr") is { } ctr
            && ReportsVersion(program, VersionOf(release))
            ? new ContainerdInstallation(program, ctr)
            : null;
    }

    // "containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u1"
    private static bool ReportsVersion(string program, string version)
    {
        using var process = Process.Start(Tools.Prepare(program, ["--version"]));
        return process?.StandardOutput.ReadToEnd().Contains($" {version}.", StringComparison.Ordinal) == true;
    }
}
