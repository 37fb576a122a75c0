using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>A version of Helm, where scripts/fetch-helm puts it.</summary>
/// <param name="Version">As in <c>4.1.4</c>.</param>
public sealed record Helm(string Version)
{
    /// <summary>The last Helm 3 that is fetched.</summary>
    public static Helm Three { get; } = new("3.17.3");

    /// <summary>The Helm 4 that is fetched.</summary>
    public static Helm Four { get; } = new("4.1.4");

    /// <summary>Says in one line why it is not to be had, or null.</summary>
    public string? WhyNot => File.Exists(Program) ? null
        : File.Exists($"{Folder}.unavailable") ? File.ReadAllText($"{Folder}.unavailable").Trim()
        : $"Helm {Version} is not on this machine (make setup)";

    // Spelt out, for the kernel goes through folders that are not there only when nobody names them.
    private string Folder => Path.GetFullPath(Path.Combine(ControlPlanePrograms.Cache, "..", "..", "helm", Version));

    private string Program => Path.Combine(Folder, "helm");

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <param name="kubeConfig">The cluster; null for none. What Helm remembers of a cluster goes where this file is.</param>
    /// <param name="input">What it reads where an argument is "-".</param>
    public Task<CommandResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string? kubeConfig = null, string input = "")
    {
        var memory = kubeConfig is null ? "/nonexistent" : Path.Combine(Path.GetDirectoryName(kubeConfig)!, "helm");
        return Command.RunAsync("env", [$"KUBECONFIG={kubeConfig ?? "/dev/null"}", $"KUBECACHEDIR={memory}", Program, .. arguments], input, cancellationToken);
    }

    /// <inheritdoc/>
    public override string ToString() => Version;
}
