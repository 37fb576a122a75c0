using System.Text.Json.Nodes;
using Peili.Chart.Tests.Support;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Chart.Tests;

/// <summary>What Helm does on a real API server. There is no kubelet: the hooks' pods are stood in for by the program that is in their image, run with their arguments.</summary>
public sealed class InstallTests(ITestOutputHelper output)
{
    private const string Mirror = """registryMirrors={"default":{}}""";

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task From_install_to_uninstall(string helm)
    {
        await using var cluster = await ChartCluster.StartAsync(new Helm(helm), output);

        // Definition and RegistryMirror with one command, though the second cannot be before the first.
        await cluster.HelmAsync("install", "peili", ChartCluster.Folder, "--create-namespace", "--set-json", Mirror);
        (await cluster.KubectlAsync("get", "registrymirror", "-o", "name")).ShouldBe("registrymirror.peili.dev/default\n");
        cluster.Jobs.ShouldBe(["peili-wait wait --timeout=2m 0"]);
        (await cluster.KubectlAsync("get", "jobs", "-A", "-o", "name")).ShouldBeEmpty();
        var uid = await UidAsync(cluster);
        (await cluster.HelmAsync("get", "manifest", "peili")).ShouldNotContain("templates/registrymirrors.yaml");

        // From now on it is an object of the release, and still the same one. Helm 3 misses changes of the upgrade that takes it over.
        await cluster.HelmAsync("upgrade", "peili", ChartCluster.Folder, "--set-json", Mirror);
        await cluster.HelmAsync("upgrade", "peili", ChartCluster.Folder, "--set", "registryMirrors.default.resolveTags=Always");
        (await cluster.KubectlAsync("get", "registrymirror", "default", "-o", "jsonpath={.spec.resolveTags}")).ShouldBe("Always");
        (await UidAsync(cluster)).ShouldBe(uid);
        (await cluster.HelmAsync("get", "manifest", "peili")).ShouldContain("templates/registrymirrors.yaml");
        cluster.Jobs.Count.ShouldBe(1, "nothing has to be waited for");

        // One that somebody else applied goes as well: nobody would look after it.
        await cluster.ApplyMirrorAsync("by-hand");
        await cluster.HelmAsync("uninstall", "peili");
        cluster.Jobs.Skip(1).ShouldBe(["peili-release release --timeout=10m 0"]);
        (await cluster.KubectlAsync("get", "registrymirrors", "-o", "name")).ShouldBeEmpty("and their definition is still there");
        (await cluster.KubectlAsync("get", "deployments,services,serviceaccounts,networkpolicies,poddisruptionbudgets,roles,rolebindings,jobs", "-n", "peili-system", "-o", "name")).ShouldNotContain("peili");
        (await cluster.KubectlAsync("get", "clusterroles,clusterrolebindings", "-o", "name")).ShouldNotContain("peili");

        // What was kept is the release's again, and RegistryMirrors need no hook.
        await cluster.HelmAsync("install", "peili", ChartCluster.Folder, "--set-json", Mirror);
        cluster.Jobs.Count.ShouldBe(2);
        (await cluster.HelmAsync("get", "manifest", "peili")).ShouldContain("templates/registrymirrors.yaml");
    }

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task While_nodes_are_not_given_back_nothing_is_removed_and_the_same_command_goes_on(string helm)
    {
        await using var cluster = await ChartCluster.StartAsync(new Helm(helm), output);
        await cluster.HelmAsync("install", "peili", ChartCluster.Folder, "--create-namespace", "--set", "uninstall.timeout=1s");
        await cluster.ApplyMirrorAsync("default", "peili.dev/restore-nodes");

        var refused = await cluster.TryHelmAsync("uninstall", "peili");

        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("peili-release");
        cluster.Said.ShouldContain("RegistryMirror default");
        (await cluster.KubectlAsync("get", "deployment", "peili-operator", "-n", "peili-system", "-o", "name")).ShouldContain("peili-operator");
        (await cluster.KubectlAsync("get", "job", "peili-release", "-n", "peili-system", "-o", "name")).ShouldContain("peili-release", customMessage: "to be looked at");

        await cluster.KubectlAsync("patch", "registrymirror", "default", "--type=merge", "-p", new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }.ToJsonString());
        await cluster.HelmAsync("uninstall", "peili");
        (await cluster.KubectlAsync("get", "deployments,jobs", "-n", "peili-system", "-o", "name")).ShouldBeEmpty();
    }

    private static Task<string> UidAsync(ChartCluster cluster) => cluster.KubectlAsync("get", "registrymirror", "default", "-o", "jsonpath={.metadata.uid}");
}
