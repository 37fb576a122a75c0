using System.Diagnostics;

namespace Peili.LocalCluster.Processes;

/// <summary>Finds and starts programs, also in the system directories that are missing from an ordinary user's PATH.</summary>
internal static class Tools
{
    /// <summary>PATH for the programs a cluster starts.</summary>
    internal static string SearchPath { get; } =
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>How to start a program with all three standard streams in the hands of the caller.</summary>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    internal static ProcessStartInfo Prepare(string program, IEnumerable<string> arguments) =>
        new(Find(program), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = SearchPath },
        };

    internal static string? TryFind(string program) =>
        SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program)) // which is program alone, if that is an absolute path
            .FirstOrDefault(File.Exists);

    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    internal static string Find(string program) =>
        TryFind(program) ?? throw new FileNotFoundException($"{program} is not installed (scripts/install-packages)");
}
