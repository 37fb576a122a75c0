using System.Globalization;
using Peili.LocalCluster.Kubernetes;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>Leaves the cluster running, and says how to use it.</summary>
internal static class ClusterLookAround
{
    /// <summary>Returns when somebody presses Enter, or <paramref name="cancellationToken"/> fires.</summary>
    public static async Task RunAsync(KubernetesCluster cluster, Screen screen, CancellationToken cancellationToken)
    {
        screen.Line();
        screen.Step("the API server starts again");
        await cluster.StartApiServerAsync(cancellationToken);
        screen.Line();
        screen.Line("The cluster goes on running, upstream stays off. Use it as root from another terminal:");
        screen.Line();
        screen.Verbatim($"  export KUBECONFIG={cluster.KubeConfig}");
        screen.Verbatim("  kubectl get registrymirror,nodemirrorstatus");
        screen.Verbatim("  kubectl get pods -A -o wide");
        screen.Verbatim("  kubectl explain registrymirror.spec");
        screen.Verbatim("  kubectl logs -n peili-system deployment/peili-operator");
        screen.Verbatim("  kubectl delete registrymirror default      # takes itself off every node");
        foreach (var node in cluster.Nodes)
        {
            screen.Line();
            screen.Line($"[bold]{node.Name}[/]");
            screen.Verbatim(string.Create(CultureInfo.InvariantCulture, $"  nsenter --target {node.Kubelet.Id} --net --mount --pid bash"));
            screen.Verbatim($"  ctr --address {node.Containerd.SocketPath} --namespace k8s.io images list");
        }

        await Rest.UntilToldAsync(screen, cancellationToken);
    }
}
