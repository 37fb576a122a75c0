using Peili.LocalCluster.Kubernetes;

namespace Peili.Operator.Tests.RealNodes;

/// <summary>The Helm chart on real nodes: what its hooks do runs in pods, under kubelet, with the rights that the chart gives them.</summary>
public sealed class ChartTests
{
    // Each version's hooks are tried on the API server, too; most installations have this one.
    private static readonly Helm s_helm = Helm.Three;

    [Fact]
    public async Task Installed_with_a_mirror_by_one_command_and_removed_by_another_nodes_are_as_before()
    {
        // Helm is in no Debian release; set-up fetches it where it can.
        Assert.SkipWhen(s_helm.WhyNot is not null, s_helm.WhyNot ?? "");
        await using var cluster = await RealCluster.StartAsync();
        var before = cluster.ReadHosts();

        await HelmAsync(cluster, "install", "peili", LocalCluster.Checkout.PathOf("config", "chart"), "--create-namespace", "--set-json", """registryMirrors={"default":{}}""");
        await cluster.WaitUntilReadyAsync();
        cluster.ReadHosts().ShouldContain(file => file.Contains("peili-agent", StringComparison.Ordinal));

        await HelmAsync(cluster, "uninstall", "peili", "--timeout", "12m");
        cluster.ReadHosts().ShouldBe(before);
        (await cluster.KubectlAsync("get", "registrymirrors", "-o", "name")).ShouldBeEmpty();
        (await cluster.KubectlAsync("get", "deployments,daemonsets,jobs", "-n", "peili-system", "-o", "name")).ShouldNotContain("peili");

        // What the operator made there is left to whoever may want its Secrets again, as the chart's README says.
        await cluster.KubectlAsync("delete", "namespace", "peili-system", "--timeout=180s");
    }

    private static async Task HelmAsync(RealCluster cluster, params string[] arguments)
    {
        var result = await s_helm.RunAsync([.. arguments, "--namespace", "peili-system"], TestContext.Current.CancellationToken, cluster.Kubernetes.KubeConfig);
        result.ExitCode.ShouldBe(0, $"helm {string.Join(' ', arguments)}: {result.Output}{result.Error}\n{(result.ExitCode == 0 ? "" : await cluster.DescribeAsync())}");
    }
}
