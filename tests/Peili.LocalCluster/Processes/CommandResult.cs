namespace Peili.LocalCluster.Processes;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Zero means success; 128 + N that signal N ended it.</param>
/// <param name="Output">Everything it wrote to standard output.</param>
/// <param name="Error">Everything it wrote to standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output, given that the program succeeded.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message carries what it wrote to standard error.</exception>
    public string OutputOrThrow(string whatFor) =>
        ExitCode == 0
            ? Output
            : throw new InvalidOperationException($"{whatFor}: exit status {ExitCode}: {Error.Trim()}{Output.Trim()}");
}
