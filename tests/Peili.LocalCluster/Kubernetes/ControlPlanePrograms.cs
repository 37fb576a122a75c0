namespace Peili.LocalCluster.Kubernetes;

/// <summary>Where etcd and kube-apiserver are on this machine: in KUBEBUILDER_ASSETS, else where scripts/fetch-kubernetes puts them.</summary>
public static class ControlPlanePrograms
{
    /// <summary>Says in one line why no control plane can be started here, or null.</summary>
    public static string? WhyNot =>
        TryFind() is not null ? null : Unavailable ?? "kube-apiserver is not on this machine (make tools)";

    /// <summary>Where scripts/fetch-kubernetes puts programs.</summary>
    internal static string Cache { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "peili",
        "kubernetes",
        "1.20");

    /// <summary>Why scripts/fetch-kubernetes could not, in one line; null when it was not run, or could.</summary>
    internal static string? Unavailable =>
        $"{Cache}.unavailable" is var reason && File.Exists(reason) ? File.ReadAllText(reason).Trim() : null;

    /// <summary>The folder of the programs.</summary>
    /// <exception cref="FileNotFoundException">This machine does not have them.</exception>
    public static string Find() => TryFind() ?? throw new FileNotFoundException(WhyNot);

    private static string? TryFind() => TryFind(Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS"));

    /// <param name="assets">What KUBEBUILDER_ASSETS says; null for nothing.</param>
    internal static string? TryFind(string? assets) =>
        new[] { assets, Cache }
            .FirstOrDefault(folder => folder is { Length: > 0 }
                && File.Exists(Path.Combine(folder, "etcd")) && File.Exists(Path.Combine(folder, "kube-apiserver")));
}
