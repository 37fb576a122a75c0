using System.Diagnostics;

namespace Peili.Crds.Tests.Support;

/// <summary>kubectl on one cluster.</summary>
internal sealed class Kubectl(string? kubeConfig)
{
    /// <summary>What it writes, given that it succeeds.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await TryAsync("", arguments);
        return exitCode == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {error}{output}");
    }

    /// <summary>Hands it a manifest.</summary>
    public async Task<string> RunWithAsync(string input, params string[] arguments)
    {
        var (exitCode, output, error) = await TryAsync(input, arguments);
        return exitCode == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {error}{output}");
    }

    public async Task<(int ExitCode, string Output, string Error)> TryAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = kubeConfig ?? "/dev/null";
        start.Environment["KUBECTL_KUBERC"] = "false";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
