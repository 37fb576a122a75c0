namespace Peili.LocalCluster.Agents;

/// <summary>How a command of peili-agent on a node ended.</summary>
/// <param name="Status">Its exit status.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record AgentCommand(int Status, string Output, string Error)
{
    private static int s_count;

    /// <summary>Runs one to its end, in the node's namespaces.</summary>
    /// <param name="node">The node.</param>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static async Task<AgentCommand> RunAsync(ClusterNode node, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        // Files, for what comes through pipes may come later than the exit.
        var files = Path.Combine(node.Directory, $"command{Interlocked.Increment(ref s_count)}");
        await using var process = await node.Machine.StartProcessAsync(
            "/bin/sh", ["-c", "exec \"$@\" >\"$0.out\" 2>\"$0.err\"", files, AgentOptions.DefaultProgram, .. arguments], cancellationToken: cancellationToken);
        var status = await process.Exited.WaitAsync(cancellationToken);
        return new AgentCommand(
            status,
            await File.ReadAllTextAsync($"{files}.out", cancellationToken),
            await File.ReadAllTextAsync($"{files}.err", cancellationToken));
    }
}
