using System.Globalization;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Images;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>Leaves the nodes running, and says how to look at them.</summary>
internal static class LookAround
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
            screen.Verbatim($"  {enter} curl -s http://{AgentProcess.OperationsEndpoint}/status");
            screen.Verbatim($"  ctr --address {node.Containerd.SocketPath} --namespace k8s.io images list");
        }

        screen.Line();
        screen.Line("A blob as containerd asks for it on any node:");
        screen.Verbatim(
            $"  curl -sI 'http://{AgentProcess.RegistryEndpoint}/v2/{image.Repository}/blobs/{image.Image.Layers[0].Digest}?ns={image.Registry}'");
        screen.Line();
        screen.Line("Enter or Ctrl-C ends them.");
        await WaitForEndAsync(cancellationToken);
    }

    private static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Without a terminal there is no Enter, only a signal. Console.ReadLine knows no cancellation and so has a thread of its own.
            if (await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken) is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // This is how it is meant to end; what the demonstration showed still stands.
        }
    }
}
