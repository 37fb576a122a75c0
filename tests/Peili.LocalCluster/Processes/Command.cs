using System.Diagnostics;

namespace Peili.LocalCluster.Processes;

/// <summary>Runs a program to its end.</summary>
public static class Command
{
    /// <summary>Returns what the program wrote to its two outputs; kills it when <paramref name="cancellationToken"/> fires.</summary>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, string input, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Tools.Prepare(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process.StandardInput, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteAsync(StreamWriter to, string input, CancellationToken cancellationToken)
    {
        try
        {
            await using (to)
            {
                await to.WriteAsync(input.AsMemory(), cancellationToken);
            }
        }
        catch (IOException)
        {
            // It ended without reading all of it; its exit status and what it wrote say why.
        }
    }
}
