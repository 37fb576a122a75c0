namespace Peili.LocalCluster.Tests;

/// <summary>Whatever there is of a cluster on this machine.</summary>
internal static class ClusterTraces
{
    /// <summary>Its directory, its lock, its cgroups, and every process that names the directory or has something of it mounted.</summary>
    internal static List<string> Of(string directory)
    {
        var traces = new List<string>();
        traces.AddRange(new[] { directory, $"{directory}.lock" }.Where(Path.Exists));
        traces.AddRange(Directory.EnumerateDirectories(
            "/sys/fs/cgroup", $"peili-{Path.GetFileName(directory)}-*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }));
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            var names = new[] { "cmdline", "mountinfo" }.Select(file => Path.Combine(process, file));
            traces.AddRange(names.Where(file => Read(file).Contains(directory, StringComparison.Ordinal)).Take(1));
        }

        return traces;
    }

    internal static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The process has ended.
            return "";
        }
    }
}
