using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Operator.Tests.RealNodes;

/// <summary>The chart's life on three real nodes: Helm 3 installs and upgrades it, Helm 4 takes it over and removes it.</summary>
public sealed class HelmTests(ITestOutputHelper output)
{
    private const string Chart = "config/chart";
    private static readonly string[] s_mirror = ["--set-json", """registryMirrors={"default":{}}"""];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_install_to_uninstall()
    {
        foreach (var helm in new[] { Helm.Three, Helm.Four })
        {
            Assert.SkipWhen(helm.WhyNot is not null, helm.WhyNot ?? "");
        }

        await using var cluster = await RealCluster.StartAsync();
        var before = cluster.ReadHosts();

        // Nothing waits for the definitions but the chart itself.
        await RunAsync(cluster, Helm.Three, ["install", "peili", Checkout.PathOf(Chart), "--create-namespace", .. s_mirror]);
        await cluster.WaitUntilReadyAsync();
        cluster.ReadHosts().ShouldNotBe(before);

        // From now on the RegistryMirror is an object of the release.
        await RunAsync(cluster, Helm.Four, ["upgrade", "peili", Checkout.PathOf(Chart), "--set", "replicas=1", "--set", "registryMirrors.default.agent.logLevel=Debug", "--wait", "--timeout", "5m"]);
        (await cluster.KubectlAsync("get", "registrymirror", "default", "-o", "jsonpath={.spec.agent.logLevel}")).ShouldBe("Debug");
        (await RunAsync(cluster, Helm.Four, ["get", "manifest", "peili"])).ShouldContain("kind: RegistryMirror");
        await cluster.WaitUntilReadyAsync();

        await RunAsync(cluster, Helm.Four, ["uninstall", "peili", "--wait", "--timeout", "5m"]);
        cluster.ReadHosts().ShouldBe(before);
        (await cluster.KubectlAsync("get", "registrymirrors", "-o", "name")).ShouldBeEmpty("the definitions are still there");
        (await cluster.KubectlAsync("get", "deployments,jobs,serviceaccounts,networkpolicies", "-n", "peili-system", "-o", "name")).ShouldNotContain("peili-operator");
        (await cluster.KubectlAsync("get", "clusterroles", "-o", "name")).ShouldNotContain("peili-release");

        // Definitions that were kept are the release's again.
        await RunAsync(cluster, Helm.Three, ["install", "peili", Checkout.PathOf(Chart), .. s_mirror]);
        await cluster.WaitUntilReadyAsync();
        await RunAsync(cluster, Helm.Three, ["uninstall", "peili", "--timeout", "5m"]);
        cluster.ReadHosts().ShouldBe(before);
    }

    private async Task<string> RunAsync(RealCluster cluster, Helm helm, string[] arguments)
    {
        var result = await helm.RunAsync([.. arguments, "--namespace", "peili-system"], Cancellation, cluster.Kubernetes.KubeConfig);
        output.WriteLine($"helm {helm} {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"helm {string.Join(' ', arguments)}: {result.Error}\n{await cluster.DescribeAsync()}");
    }
}
