using System.Diagnostics;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;

namespace Peili.Kubectl.Tests.Support;

/// <summary><c>kubectl peili ...</c> as a person types it: kubectl finds the plugin that these tests were built with on PATH.</summary>
internal static class Plugin
{
    private static readonly string s_kubectl =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists) ?? KubernetesCluster.OldKubectl;

    /// <summary>Runs it to its end.</summary>
    /// <param name="kubeConfig">Of the cluster.</param>
    /// <param name="firstOnPath">A folder whose programs the plugin finds before others; null for none.</param>
    /// <param name="arguments">What follows kubectl.</param>
    public static Task<CommandResult> RunAsync(string kubeConfig, string? firstOnPath, params IEnumerable<string> arguments) =>
        Command.RunAsync("env", [.. Variables(kubeConfig, firstOnPath), s_kubectl, .. arguments], "", TestContext.Current.CancellationToken);

    /// <summary>Starts it; the caller ends it.</summary>
    public static Process Start(string kubeConfig, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo("env", [.. Variables(kubeConfig, null), s_kubectl, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static IEnumerable<string> Variables(string kubeConfig, string? firstOnPath) =>
        [$"KUBECONFIG={kubeConfig}", $"PATH={(firstOnPath is null ? "" : firstOnPath + ":")}{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}"];
}
