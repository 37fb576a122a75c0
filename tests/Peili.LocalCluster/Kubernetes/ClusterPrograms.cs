using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>Where the programs of a whole Kubernetes cluster are on this machine: scripts/fetch-kubernetes puts them there.</summary>
internal static class ClusterPrograms
{
    /// <summary>Where Debian has the plugins that give pods their network.</summary>
    internal const string NetworkPlugins = "/usr/lib/cni";

    private static readonly string[] s_built =
        ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl", "busybox"];

    private static readonly string[] s_installed = ["iptables", "iptables-restore", "conntrack", "runc"];

    /// <summary>What is missing, in one line, or null.</summary>
    internal static string? WhyNot
    {
        get
        {
            var missing = s_built.Where(program => !File.Exists(Find(program))).ToList();
            if (missing.Count > 0)
            {
                return ControlPlanePrograms.Unavailable ?? $"not on this machine: {string.Join(", ", missing)} (make tools)";
            }

            missing = [.. s_installed.Where(program => Tools.TryFind(program) is null)];
            return missing.Count > 0 ? $"not installed: {string.Join(", ", missing)} (make tools)"
                : !File.Exists(Path.Combine(NetworkPlugins, "ptp")) ? $"no network plugins in {NetworkPlugins} (make tools)"
                : null;
        }
    }

    internal static string Find(string program) => Path.Combine(ControlPlanePrograms.Cache, program);
}
