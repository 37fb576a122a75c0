using System.Globalization;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Images;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>Leaves the nodes running, and says how to look at them.</summary>
internal static class AgentLookAround
{
    /// <summary>Returns when somebody presses Enter, or <paramref name="cancellationToken"/> fires.</summary>
    public static async Task RunAsync(Cluster cluster, PushedImage image, Screen screen, CancellationToken cancellationToken)
    {
        screen.Line();
        screen.Line($"The nodes go on running below {cluster.Directory}, upstream stays off. Look at them as root from another terminal:");
        foreach (var node in cluster.Nodes)
        {
            var enter = string.Create(CultureInfo.InvariantCulture, $"nsenter --target {node.Agent.Process.Id} --net --mount --pid");
            screen.Line();
            screen.Line($"[bold]{node.Name}[/]");
            screen.Verbatim($"  {enter} bash");
            screen.Verbatim($"  {enter} {AgentOptions.DefaultProgram} status");
            screen.Verbatim($"  ctr --address {node.Containerd.SocketPath} --namespace k8s.io images list");
        }

        screen.Line();
        screen.Line("A blob as containerd asks for it on any node:");
        screen.Verbatim(
            $"  curl -sI 'http://{AgentProcess.RegistryEndpoint}/v2/{image.Repository}/blobs/{image.Image.Layers[0].Digest}?ns={image.Registry}'");
        await Rest.UntilToldAsync(screen, cancellationToken);
    }
}
