namespace Peili.LocalCluster.Kubernetes;

/// <summary>Where etcd and kube-apiserver are on this machine: in KUBEBUILDER_ASSETS, else where scripts/fetch-kubernetes puts them.</summary>
public static class ControlPlanePrograms
{
    private static readonly string s_cache = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "peili",
        "kubernetes");

    /// <summary>Says in one line why no control plane can be started here, or null.</summary>
    public static string? WhyNot
    {
        get
        {
            if (TryFind() is not null)
            {
                return null;
            }

            var reason = Path.Combine(s_cache, "1.20.unavailable");
            return File.Exists(reason)
                ? File.ReadAllText(reason).Trim()
                : "kube-apiserver is not on this machine (scripts/fetch-kubernetes)";
        }
    }

    /// <summary>The folder of the programs.</summary>
    /// <exception cref="FileNotFoundException">This machine does not have them.</exception>
    internal static string Find() => TryFind() ?? throw new FileNotFoundException(WhyNot);

    private static string? TryFind() =>
        new[] { Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS"), Path.Combine(s_cache, "1.20") }
            .FirstOrDefault(folder => folder is { Length: > 0 }
                && File.Exists(Path.Combine(folder, "etcd")) && File.Exists(Path.Combine(folder, "kube-apiserver")));
}
