using System.Globalization;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Network;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>What the programs of a Kubernetes node are told.</summary>
internal static class NodeConfiguration
{
    /// <summary>The image of which every pod has a container that holds its namespaces.</summary>
    internal const string PauseImage = "peili.test/pause:1";

    /// <summary>The addresses of all pods.</summary>
    internal const string PodRange = "10.244.0.0/16";

    /// <summary>The addresses of a node's pods.</summary>
    internal static string PodRangeOf(Machine machine) =>
        string.Create(CultureInfo.InvariantCulture, $"10.244.{machine.Address.GetAddressBytes()[^1]}.0/24");

    /// <summary>Adds what kubelet needs to the settings of a node's containerd.</summary>
    internal static ContainerdSettings Complete(ContainerdSettings settings) => settings with
    {
        // Without CAP_SYS_RESOURCE, nobody can be told to be killed later than containerd itself.
        ExtraToml =
            $"""
             [plugins."io.containerd.grpc.v1.cri"]
               sandbox_image = "{PauseImage}"
               restrict_oom_score_adj = true

             [plugins."io.containerd.grpc.v1.cri".cni]
               bin_dir = "{ClusterPrograms.NetworkPlugins}"
               conf_dir = "/etc/cni/net.d"

             {settings.ExtraToml}
             """,
    };

    internal static string PodNetwork(Machine machine) =>
        $$"""
          {
            "cniVersion": "0.4.0",
            "name": "pods",
            "plugins": [
              {
                "type": "ptp",
                "ipam": {
                  "type": "host-local",
                  "dataDir": "/var/lib/cni/networks",
                  "ranges": [[{ "subnet": "{{PodRangeOf(machine)}}" }]],
                  "routes": [{ "dst": "0.0.0.0/0" }]
                }
              },
              { "type": "portmap", "capabilities": { "portMappings": true } }
            ]
          }
          """;

    /// <summary>Changed ConfigMaps and Secrets reach pods within seconds; how full this machine's disk is, is no reason to remove anything.</summary>
    internal static string Kubelet(ControlPlaneFiles files, string group) =>
        $$"""
          apiVersion: kubelet.config.k8s.io/v1beta1
          kind: KubeletConfiguration
          authentication:
            anonymous: { enabled: false }
            webhook: { enabled: false }
            x509: { clientCAFile: "{{files.CertificateAuthority}}" }
          authorization: { mode: AlwaysAllow }
          cgroupDriver: cgroupfs
          cgroupRoot: /{{group}}
          enforceNodeAllocatable: []
          failSwapOn: false
          oomScoreAdj: 0
          syncFrequency: 5s
          volumePluginDir: /var/lib/kubelet/plugins
          imageGCHighThresholdPercent: 100
          evictionHard: { memory.available: 1Mi, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0% }
          """;

    internal static IEnumerable<string> KubeletFlags(Machine machine, string kubeConfig, KubernetesNodeOptions options) =>
    [
        $"--kubeconfig={kubeConfig}",
        "--config=/var/lib/kubelet/config.yaml",
        "--root-dir=/var/lib/kubelet",
        "--cert-dir=/var/lib/kubelet/pki",
        $"--hostname-override={machine.Name}",
        $"--node-ip={machine.Address}",
        "--container-runtime=remote",
        "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
        $"--node-labels={string.Join(',', options.Labels.Select(label => $"{label.Key}={label.Value}"))}",
        $"--register-with-taints={string.Join(',', options.Taints)}",
    ];

    // The limits of connection tracking are this machine's, and stay as they are.
    internal static IEnumerable<string> ProxyFlags(Machine machine, string kubeConfig) =>
    [
        $"--kubeconfig={kubeConfig}",
        $"--hostname-override={machine.Name}",
        "--proxy-mode=iptables",
        $"--cluster-cidr={PodRange}",
        "--oom-score-adj=0",
        "--conntrack-max-per-core=0",
        "--conntrack-tcp-timeout-established=0",
        "--conntrack-tcp-timeout-close-wait=0",
    ];
}
