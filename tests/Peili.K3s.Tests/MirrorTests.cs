using Peili.LocalCluster;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Processes;

namespace Peili.K3s.Tests;

/// <summary>Peili on a real k3s of one node, from the manifests to a node that is as before. What nodes pull from each other is tested on nodes with kubelet.</summary>
public sealed class MirrorTests
{
    private const string HostsFolder = "/var/lib/rancher/k3s/agent/etc/containerd/certs.d";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operator_makes_a_k3s_node_compatible_and_gives_it_back()
    {
        Assert.SkipWhen(await DockerCommand.WhyNotAsync() is not null, await DockerCommand.WhyNotAsync() ?? "");
        Assert.SkipUnless(
            (await DockerCommand.RunAsync(["image", "inspect", K3sBuilder.K3sImage], Cancellation)).ExitCode == 0,
            $"{K3sBuilder.K3sImage} is not on this machine (docker pull)");
        var images = await PackedImages.PackAsync(Cancellation);
        Assert.SkipWhen(images.WhyNot is not null, images.WhyNot ?? "");
        await using var k3s = new K3sBuilder().Build();
        await k3s.StartAsync(Cancellation);
        (await k3s.ExecAsync(["kubectl", "wait", "node", "--all", "--for=condition=Ready", "--timeout=180s"], Cancellation)).OutputOrThrow("kubectl wait");
        foreach (var archive in images.Archives)
        {
            await k3s.CopyAsync(archive, "/image.tar", Cancellation);
            (await k3s.ExecAsync(["ctr", "--namespace=k8s.io", "images", "import", "/image.tar"], Cancellation)).OutputOrThrow("ctr images import");
        }

        var kubeConfig = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(kubeConfig, await k3s.GetKubeconfigAsync(Cancellation), Cancellation);
            var before = await ReadHostsAsync(k3s);
            await KubectlAsync(kubeConfig, "apply", "--server-side", "-k", Checkout.PathOf("config", "default"));
            await KubectlAsync(kubeConfig, "rollout", "status", "-n", "peili-system", "deployment/peili-operator", "--timeout=180s");
            await KubectlAsync(kubeConfig, "apply", "-f", Checkout.PathOf("config", "samples", "registrymirror_k3s.yaml"));
            await KubectlAsync(kubeConfig, "wait", "--for=condition=Ready", "registrymirror/k3s", "--timeout=300s");

            (await KubectlAsync(kubeConfig, "get", "nodemirrorstatus", "-o", "jsonpath={.items[*].status.flavor} {.items[*].status.verdict}")).ShouldBe("k3s Compatible");
            (await ReadHostsAsync(k3s)).ShouldContain("peili-agent");

            await KubectlAsync(kubeConfig, "delete", "registrymirror", "k3s", "--timeout=300s");
            (await ReadHostsAsync(k3s)).ShouldBe(before);
        }
        finally
        {
            File.Delete(kubeConfig);
        }
    }

    private static async Task<string> KubectlAsync(string kubeConfig, params string[] arguments) =>
        (await Command.RunAsync("kubectl", ["--kubeconfig", kubeConfig, .. arguments], "", Cancellation)).OutputOrThrow($"kubectl {string.Join(' ', arguments)}");

    /// <summary>Every file of certs.d with its name; nothing where there is no such folder.</summary>
    private static async Task<string> ReadHostsAsync(K3sContainer k3s) =>
        (await k3s.ExecAsync(["sh", "-c", $"if [ -d {HostsFolder} ]; then find {HostsFolder} -type f -print -exec cat {{}} ';' | sort; fi"], Cancellation)).OutputOrThrow("certs.d");
}
