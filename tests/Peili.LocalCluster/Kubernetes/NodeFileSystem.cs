using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Network;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>
/// Gives a machine the file system of a Kubernetes node: containerd, kubelet and the network plugins have their folders at the places
/// everybody knows, in the node's folder outside; nothing that is written to /etc or /var/lib reaches this machine's. Besides, a cgroup
/// in every hierarchy, named after the node, which goes with the cluster.
/// </summary>
internal static class NodeFileSystem
{
    // There is no DNS, and nobody is to wait for this machine's. Kubelet would set these of this machine's kernel; it finds them set in files of its own instead.
    private const string Script =
        """
        set -e
        cd "$1"
        change() {
            mkdir -p "$1.changes" "$1.work"
            mount -t overlay -o "lowerdir=/$1,upperdir=$PWD/$1.changes,workdir=$PWD/$1.work" overlay "/$1"
        }
        mount --make-rshared /
        change etc
        change var/lib
        mount --bind "$2" /etc/hosts
        rm -f /etc/resolv.conf && : >/etc/resolv.conf
        for folder in etc/containerd etc/cni/net.d run var/lib/containerd var/lib/kubelet var/lib/cni var/lib/peili var/log; do
            mkdir -p "$folder" "/$folder"
            mount --bind "$folder" "/$folder"
        done
        mkdir sysctl
        while read -r path value; do
            echo "$value" >"sysctl/${path##*/}"
            mount --bind "sysctl/${path##*/}" "/proc/sys/$path"
        done <<END
        vm/overcommit_memory 1
        vm/panic_on_oom 0
        kernel/panic 10
        kernel/panic_on_oops 1
        kernel/keys/root_maxkeys 1000000
        kernel/keys/root_maxbytes 25000000
        END

        # Version 2 has one hierarchy, version 1 a folder for each.
        hierarchies=/sys/fs/cgroup
        [ -e /sys/fs/cgroup/cgroup.controllers ] || hierarchies='/sys/fs/cgroup/*'
        for hierarchy in $hierarchies; do
            [ -e "$hierarchy/cgroup.procs" ] || continue
            mkdir -p "$hierarchy/$3"
            for file in cpuset.cpus cpuset.mems; do
                [ ! -e "$hierarchy/$file" ] || cat "$hierarchy/$file" >"$hierarchy/$3/$file"
            done
        done
        """;

    /// <summary>Prepares the machine.</summary>
    /// <param name="machine">Which has just started.</param>
    /// <param name="directory">The node's folder.</param>
    /// <param name="hostsFile">The cluster's /etc/hosts.</param>
    /// <param name="group">What its cgroups are called.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<ContainerdPaths> PrepareAsync(
        Machine machine, string directory, string hostsFile, string group, CancellationToken cancellationToken)
    {
        var prepared = await machine.RunAsync("sh", ["-c", Script, "prepare", directory, hostsFile, group], cancellationToken);
        prepared.OutputOrThrow($"the file system of {machine.Name}");
        return ContainerdPaths.Standard(directory);
    }
}
