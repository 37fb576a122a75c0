using System.Text.Json.Nodes;
using Peili.Kubernetes.Discovery;
using Peili.LocalCluster;
using Peili.Operator.Tests.Support;

namespace Peili.Operator.Tests;

/// <summary>What only newer servers do, such as one that KUBEBUILDER_ASSETS names. The server is asked; an older one skips the test.</summary>
public sealed class ServerFeatureTests(SharedControlPlane shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_of_the_definitions_are_the_servers_own()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await SkipBeforeAsync(scene, 25, "knows no CEL rules in definitions");
        try
        {
            await scene.KubectlAsync("apply", "-k", Checkout.PathOf("crds", "manifests"));
            var refusal = await RefusalAsync(scene, """{"apiVersion":"peili.dev/v1alpha1","kind":"RegistryMirror","metadata":{"name":"default"},"spec":{"upstreamFallback":false,"resolveTags":"Never"}}""");
            refusal.ShouldContain("must");
        }
        finally
        {
            await scene.KubectlAsync("apply", "-k", Checkout.PathOf("crds", "manifests", "legacy"));
        }
    }

    [Fact]
    public async Task Pod_Security_admission_takes_agents_once_the_labels_are_set()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await SkipBeforeAsync(scene, 25, "has no Pod Security admission");
        await scene.KubectlAsync("label", "namespace", OperatorScene.Namespace, "pod-security.kubernetes.io/enforce=restricted", "--overwrite");
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default", new JsonObject { ["podSecurity"] = "Report" });
        await scene.ConditionAsync("PodSecurityReady", "False", reason: "TooStrict");
        var template = JsonNode.Parse(await scene.KubectlAsync("get", "daemonset", "peili-default-kubeadm", "-n", OperatorScene.Namespace, "-o", "jsonpath={.spec.template}"))!.AsObject();
        (template["apiVersion"], template["kind"]) = ("v1", "Pod");
        template["metadata"]!["name"] = "admitted";
        template["metadata"]!["namespace"] = OperatorScene.Namespace;
        (await RefusalAsync(scene, template.ToJsonString())).ShouldContain("PodSecurity");

        await scene.ApplyAsync("default");
        await scene.ConditionAsync("PodSecurityReady", "True");
        await scene.FeedKubectlAsync(template.ToJsonString(), "create", "--dry-run=server", "-f", "-");
    }

    private static async Task SkipBeforeAsync(OperatorScene scene, int minor, string lack)
    {
        var version = await scene.Client.GetVersionAsync(Cancellation);
        Assert.SkipUnless(version.IsAtLeast(1, minor), $"Kubernetes {version.GitVersion} {lack}");
    }

    private static async Task<string> RefusalAsync(OperatorScene scene, string manifest) =>
        (await Should.ThrowAsync<InvalidOperationException>(() => scene.FeedKubectlAsync(manifest, "create", "--dry-run=server", "-f", "-"))).Message;
}
