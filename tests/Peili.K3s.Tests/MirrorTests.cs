using Peili.Crds.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Images;

namespace Peili.K3s.Tests;

/// <summary>Peili on a real k3s of one node, from the manifests to a node that is as before. What nodes pull from each other is tested on nodes with kubelet.</summary>
public sealed class MirrorTests
{
    private const string HostsFolder = "/var/lib/rancher/k3s/agent/etc/containerd/certs.d";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operator_makes_a_k3s_node_compatible_and_gives_it_back()
    {
        // No registry is reachable where this project is built, so k3s' image is on few machines.
        var whyNot = await WhyNotAsync();
        Assert.SkipWhen(whyNot is not null, whyNot ?? "");

        // Debian's packages, of which the images' base is made, may be out of reach.
        var images = await PackedImages.PackAsync(Cancellation);
        Assert.SkipWhen(images.WhyNot is not null, images.WhyNot ?? "");
        await using var k3s = new K3sBuilder().Build();
        await k3s.StartAsync(Cancellation);
        (await k3s.ExecAsync(["kubectl", "wait", "node", "--all", "--for=condition=Ready", "--timeout=180s"], Cancellation))
            .OutputOrThrow("kubectl wait").ShouldContain("condition met");
        foreach (var archive in images.Archives)
        {
            await k3s.CopyAsync(archive, "/image.tar", Cancellation);
            (await k3s.ExecAsync(["ctr", "--namespace=k8s.io", "images", "import", "/image.tar"], Cancellation)).OutputOrThrow("ctr images import");
        }

        var folder = Directory.CreateTempSubdirectory("peili-k3s-");
        try
        {
            var kubeConfig = Path.Combine(folder.FullName, "kubeconfig");
            var text = await k3s.GetKubeconfigAsync(Cancellation);
            text.ShouldContain("client-certificate-data");
            await File.WriteAllTextAsync(kubeConfig, text, Cancellation);
            var kubectl = new Kubectl(kubeConfig);
            var before = await ReadHostsAsync(k3s);
            await kubectl.RunAsync("apply", "--server-side", "-k", Checkout.PathOf("config", "default"));
            await kubectl.RunAsync("rollout", "status", "-n", "peili-system", "deployment/peili-operator", "--timeout=180s");
            await kubectl.RunAsync("apply", "-f", Checkout.PathOf("config", "samples", "registrymirror_k3s.yaml"));
            await kubectl.RunAsync("wait", "--for=condition=Ready", "registrymirror/k3s", "--timeout=300s");

            (await kubectl.RunAsync("get", "nodemirrorstatus", "-o", "jsonpath={.items[*].status.flavor} {.items[*].status.verdict}")).ShouldBe("k3s Compatible");
            (await ReadHostsAsync(k3s)).ShouldContain("peili-agent");

            await kubectl.RunAsync("delete", "registrymirror", "k3s", "--timeout=300s");
            (await ReadHostsAsync(k3s)).ShouldBe(before);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string?> WhyNotAsync() => await DockerCommand.WhyNotAsync() ?? Kubectl.WhyNot
        ?? ((await DockerCommand.RunAsync(["image", "inspect", K3sBuilder.K3sImage], Cancellation)).ExitCode == 0 ? null : $"{K3sBuilder.K3sImage} is not on this machine (docker pull)");

    /// <summary>Every file of certs.d with its name; nothing where there is no such folder.</summary>
    private static async Task<string> ReadHostsAsync(K3sContainer k3s) =>
        (await k3s.ExecAsync(["sh", "-c", $"if [ -d {HostsFolder} ]; then find {HostsFolder} -type f -print -exec cat {{}} ';' | sort; fi"], Cancellation)).OutputOrThrow("certs.d");
}
