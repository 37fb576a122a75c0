using System.Diagnostics;
using Peili.Kubernetes.Tests.Support;

namespace Peili.Kubernetes.Tests;

/// <summary>The server that the other tests rely on, seen by kubectl.</summary>
public sealed class ControlPlaneTests(SharedControlPlane shared)
{
    [Fact]
    public async Task Kubectl_gets_on_with_the_control_plane()
    {
        var controlPlane = await shared.GetAsync();
        Assert.SkipUnless(File.Exists("/usr/bin/kubectl"), "kubectl is not installed");

        (await KubectlAsync("--kubeconfig", controlPlane.KubeConfig, "get", "--raw", "/readyz")).ShouldBe("ok");
        (await KubectlAsync("--kubeconfig", controlPlane.KubeConfig, "get", "namespaces", "-o", "name")).ShouldContain("namespace/default");
    }

    private static async Task<string> KubectlAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/kubectl", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, await errors);
        return output;
    }
}
