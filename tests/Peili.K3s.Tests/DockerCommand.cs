using System.Globalization;
using Peili.LocalCluster.Processes;

namespace Peili.K3s.Tests;

/// <summary>The command line of docker, or of podman, which takes the same words.</summary>
internal static class DockerCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string?>> s_program = new(FindAsync);

    /// <summary>Why there is none that works here, in one line, or null.</summary>
    internal static async Task<string?> WhyNotAsync() =>
        await s_program.Value is null ? "neither docker nor podman works here (docker info; on Debian: apt-get install podman)" : null;

    /// <summary>Its path.</summary>
    /// <exception cref="InvalidOperationException">There is none: <see cref="WhyNotAsync"/>.</exception>
    internal static async Task<string> FindOrThrowAsync() =>
        await s_program.Value ?? throw new InvalidOperationException(await WhyNotAsync());

    /// <summary>Runs it to its end, for five minutes at most.</summary>
    internal static async Task<CommandResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(s_patience);
        return await Command.RunAsync(await FindOrThrowAsync(), arguments, "", bound.Token);
    }

    /// <summary>
    /// Podman starts containers with higher limits than a process without CAP_SYS_RESOURCE may ask for, so it is told this process' own, of which it
    /// gives away as many processes as there can be numbers for. Docker's daemon knows what it may.
    /// </summary>
    internal static async Task<IReadOnlyList<string>> ReadLimitOptionsAsync() =>
        Path.GetFileName(await FindOrThrowAsync()) == "podman"
            ? [$"--ulimit=nofile={ReadLimit("Max open files")}", $"--ulimit=nproc={Math.Min(ReadLimit("Max processes"), Parse(File.ReadAllText("/proc/sys/kernel/pid_max")))}"]
            : [];

    private static async Task<string?> FindAsync()
    {
        foreach (var program in new[] { "docker", "podman" }.Select(Tools.TryFind).OfType<string>())
        {
            if ((await Command.RunAsync(program, ["info"], "", CancellationToken.None).WaitAsync(s_patience)).ExitCode == 0)
            {
                return program;
            }
        }

        return null;
    }

    // "Max open files            20000                20000                files"
    private static long ReadLimit(string name) =>
        File.ReadLines("/proc/self/limits").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] is var hard && hard != "unlimited" ? Parse(hard) : long.MaxValue;

    private static long Parse(string number) => long.Parse(number, CultureInfo.InvariantCulture);
}
