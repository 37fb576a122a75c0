namespace Peili.Operator.Tests.RealNodes;

/// <summary>The manifests deleted while a RegistryMirror is there: documented as wrong in config/README.md, and no dead end.</summary>
public sealed class WrongOrderTests
{
    [Fact]
    public async Task Deleted_in_the_wrong_order_everything_goes_once_the_operator_is_back()
    {
        await using var cluster = await RealCluster.StartAsync();
        await cluster.InstallAsync();
        await cluster.ApplyMirrorAsync("default");
        await cluster.WaitUntilReadyAsync();

        await cluster.KubectlAsync("delete", "-k", LocalCluster.Checkout.PathOf("config", "legacy"), "--wait=false");
        await RealCluster.IsTrueAsync(async () => (await cluster.KubectlAsync("get", "namespace", "peili-system", "--ignore-not-found", "-o", "name")).Length == 0, "the namespace goes");
        (await cluster.KubectlAsync("get", "registrymirror", "-o", "name")).ShouldContain("default", customMessage: "it waits for an operator");

        // The other kind's definition had nothing to wait for, and may be a new one by now.
        await cluster.InstallAsync();
        await RealCluster.IsTrueAsync(async () => !(await cluster.KubectlAsync("get", "crd", "-o", "name")).Contains("registrymirrors.peili.dev", StringComparison.Ordinal), "RegistryMirror and its definition go");

        // The operator outlives its kinds, and takes up those that come back.
        await cluster.InstallAsync();
        await cluster.ApplyMirrorAsync("default");
        await cluster.WaitUntilReadyAsync();
        await cluster.KubectlAsync("delete", "registrymirror", "default", "--timeout=300s");
        cluster.ReadHosts().ShouldAllBe(file => !file.Contains("peili-agent", StringComparison.Ordinal));
    }
}
