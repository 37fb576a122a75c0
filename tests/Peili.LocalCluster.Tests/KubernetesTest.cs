using Peili.LocalCluster.Images;
using Peili.LocalCluster.Kubernetes;

namespace Peili.LocalCluster.Tests;

/// <summary>What tests on a Kubernetes cluster have in common.</summary>
[Collection(SharedKubernetesCluster.Name)]
public abstract class KubernetesTest : ClusterTest
{
    /// <summary>Busybox, which sleeps if nothing else is said.</summary>
    protected static ImageRecipe Busybox(int seed) => new()
    {
        Seed = seed,
        Files = [new ImageFile("bin/busybox", KubernetesCluster.Busybox)],
        Command = ["/bin/busybox", "sleep", "infinity"],
    };

    /// <summary>A DaemonSet on the nodes' own network, on every node whatever its taints.</summary>
    protected static string DaemonSet(string name, string image) =>
        $$"""
          apiVersion: apps/v1
          kind: DaemonSet
          metadata: { name: {{name}} }
          spec:
            selector: { matchLabels: { name: {{name}} } }
            template:
              metadata: { labels: { name: {{name}} } }
              spec:
                hostNetwork: true
                terminationGracePeriodSeconds: 0
                tolerations: [{ operator: Exists }]
                containers: [{ name: main, image: "{{image}}" }]
          """;

    /// <summary>Runs kubectl, which must succeed, and returns what it wrote.</summary>
    protected static async Task<string> KubectlAsync(KubernetesCluster cluster, params string[] arguments) =>
        (await cluster.KubectlAsync(arguments, Cancellation)).OutputOrThrow($"kubectl {string.Join(' ', arguments)}");

    protected static async Task ApplyAsync(KubernetesCluster cluster, string manifest) =>
        (await cluster.KubectlAsync(["apply", "-f", "-"], manifest, Cancellation)).OutputOrThrow("kubectl apply");

    /// <summary>Waits until kubectl writes this; the bound is for a machine that is very busy.</summary>
    protected static async Task ShouldComeToAsync(KubernetesCluster cluster, string expected, params string[] arguments)
    {
        var deadline = Environment.TickCount64 + 300_000;
        string output;
        while ((output = await KubectlAsync(cluster, arguments)) != expected)
        {
            (Environment.TickCount64 < deadline).ShouldBeTrue($"kubectl {string.Join(' ', arguments)}: {output}, not {expected}\n{cluster.ReadLogs()}");
            await Task.Delay(500, Cancellation);
        }
    }
}
