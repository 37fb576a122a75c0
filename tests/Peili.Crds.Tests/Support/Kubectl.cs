using System.Diagnostics;

namespace Peili.Crds.Tests.Support;

/// <summary>kubectl on one cluster.</summary>
internal sealed class Kubectl(string? kubeConfig)
{
    /// <summary>Says in one line why there is none, or null.</summary>
    public static string? WhyNot { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "kubectl"))) ? null : "kubectl is not on this machine";

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
        // What it remembers of a server goes where the server's kubeconfig is, and with it: the next server may have the same port.
        string[] cache = kubeConfig is null ? [] : [$"--cache-dir={Path.Combine(Path.GetDirectoryName(kubeConfig)!, "kubectl")}"];
        var start = new ProcessStartInfo("kubectl", [.. cache, .. arguments])
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
