using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peili.Crds.Tests.Support;
using Peili.LocalCluster;

namespace Peili.Crds.Tests;

/// <summary>What users apply: config/default, config/legacy and the samples.</summary>
public sealed class ConfigTests(Servers servers)
{
    private const string Namespace = "peili-system";
    private const string Operator = "system:serviceaccount:peili-system:peili-operator";

    private static readonly JsonSerializerOptions s_strict = new(CrdJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static TheoryData<string> Samples { get; } =
    [
        .. Directory.EnumerateFiles(Checkout.PathOf("config", "samples"), "registrymirror*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [InlineData("default", "policy/v1")]
    [InlineData("legacy", "policy/v1beta1")]
    public async Task Everything_is_there(string name, string policy)
    {
        var objects = await BuildAsync(name);

        objects.Select(entry => $"{entry["kind"]} {entry["metadata"]!["name"]}").ShouldBe(
            [
                "Namespace peili-system",
                "CustomResourceDefinition registrymirrors.peili.dev", "CustomResourceDefinition nodemirrorstatuses.peili.dev",
                "ServiceAccount peili-operator", "Service peili-operator-metrics", "Deployment peili-operator", "PodDisruptionBudget peili-operator", "NetworkPolicy peili-operator",
                "ClusterRole peili-operator", "ClusterRole peili-viewer", "ClusterRole peili-editor", "ClusterRoleBinding peili-operator",
                "Role peili-operator", "RoleBinding peili-operator",
            ],
            ignoreOrder: true);
        Of(objects, "PodDisruptionBudget")["apiVersion"]!.GetValue<string>().ShouldBe(policy);
    }

    [Fact]
    public async Task The_operator_may_do_nothing_by_wildcard_and_sees_no_secret_outside_its_namespace()
    {
        var objects = await BuildAsync("default");
        var roles = objects.Where(entry => entry["kind"]!.GetValue<string>() is "Role" or "ClusterRole").ToList();

        roles.ShouldNotBeEmpty();
        roles.Select(role => role.ToJsonString()).ShouldAllBe(role => !role.Contains('*'));
        foreach (var role in roles.Where(role => role["kind"]!.GetValue<string>() == "ClusterRole"))
        {
            var resources = role["rules"]!.AsArray().SelectMany(rule => rule!["resources"]!.AsArray()).Select(resource => resource!.GetValue<string>()).ToList();
            resources.ShouldNotContain("secrets");
            resources.ShouldNotContain("pods");
            resources.ShouldNotContain("configmaps");
        }

        objects.Where(entry => entry["kind"]!.GetValue<string>() == "Role").ShouldAllBe(role => role["metadata"]!["namespace"]!.GetValue<string>() == Namespace);
    }

    [Fact]
    public async Task The_operators_pods_keep_to_restricted_pod_security()
    {
        var pod = Of(await BuildAsync("default"), "Deployment")["spec"]!["template"]!["spec"]!;
        var container = pod["containers"]!.AsArray().ShouldHaveSingleItem()!;

        pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>().ShouldBeTrue();
        pod["securityContext"]!["runAsUser"]!.GetValue<long>().ShouldBe(65532);
        pod["securityContext"]!["seccompProfile"]!["type"]!.GetValue<string>().ShouldBe("RuntimeDefault");
        container["securityContext"]!.ToJsonString().ShouldBe(
            """{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true}""");
        new[] { "hostNetwork", "hostPID", "hostIPC" }.ShouldAllBe(field => pod[field] == null);
        pod["volumes"]!.AsArray().ShouldAllBe(volume => volume!["emptyDir"] != null);
        container["resources"]!["limits"]!["memory"]!.GetValue<string>().ShouldBe("256Mi");
        container["livenessProbe"]!["httpGet"]!["path"]!.GetValue<string>().ShouldBe("/healthz");
        container["readinessProbe"]!["httpGet"]!["path"]!.GetValue<string>().ShouldBe("/readyz");
        pod["tolerations"]!.AsArray().Select(toleration => toleration!["key"]!.GetValue<string>())
            .ShouldBe(["peili.dev/agent-not-ready", "node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"]);
    }

    [Fact]
    public async Task Everything_is_selected_as_the_operator_is_labelled()
    {
        var objects = await BuildAsync("default");
        var deployment = Of(objects, "Deployment")["spec"]!;
        var labels = deployment["template"]!["metadata"]!["labels"]!.AsObject();
        JsonObject[] selectors =
        [
            deployment["selector"]!["matchLabels"]!.AsObject(),
            Of(objects, "PodDisruptionBudget")["spec"]!["selector"]!["matchLabels"]!.AsObject(),
            Of(objects, "NetworkPolicy")["spec"]!["podSelector"]!["matchLabels"]!.AsObject(),
        ];

        selectors.ShouldAllBe(selector => selector.Count == 2 && selector.All(label => labels[label.Key]!.ToString() == label.Value!.ToString()));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_sample_keeps_the_rules(string file)
    {
        foreach (var sample in YamlDocuments.Read(await File.ReadAllTextAsync(Checkout.PathOf("config", "samples", file), TestContext.Current.CancellationToken)))
        {
            sample["spec"].Deserialize<RegistryMirrorSpec>(s_strict);
            var mirror = sample.Deserialize(CrdJson.Default.RegistryMirror)!;

            mirror.ApiVersion.ShouldBe(CrdKinds.RegistryMirror.ApiVersion);
            mirror.Kind.ShouldBe(CrdKinds.RegistryMirror.Kind);
            RegistryMirrorValidation.Validate(mirror).ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_sample_is_taken_by_a_new_server(string file)
    {
        using var client = (await servers.GetNewAsync()).Connect();

        foreach (var sample in YamlDocuments.Read(await File.ReadAllTextAsync(Checkout.PathOf("config", "samples", file), TestContext.Current.CancellationToken)))
        {
            (await client.RefusalOfAsync(new RegistryMirrorJson(sample.ToJsonString()))).ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_server_takes_all_of_it_and_the_operator_may_do_what_it_must_and_no_more()
    {
        var kubectl = new Kubectl((await servers.GetOldAsync()).KubeConfig);

        // KUBEBUILDER_ASSETS may name a newer one than 1.20.
        var name = (await kubectl.RunAsync("api-versions")).Split('\n').Contains("policy/v1") ? "default" : "legacy";
        await kubectl.RunAsync("apply", "-k", Checkout.PathOf("config", name));

        foreach (var (allowed, what) in Permissions)
        {
            var (_, output, error) = await kubectl.TryAsync("", ["auth", "can-i", "--as", Operator, .. what.Split(' ')]);
            output.Trim().ShouldBe(allowed ? "yes" : "no", $"{what}: {error}");
        }

        (await kubectl.RunAsync("get", "namespaces", "--field-selector=metadata.name=peili-system", "-o", "name", "--as", Operator)).Trim().ShouldBe("namespace/peili-system");
    }

    private static (bool Allowed, string What)[] Permissions =>
    [
        (true, "get secrets --namespace=peili-system"),
        (true, "create daemonsets.apps --namespace=peili-system"),
        (true, "create leases.coordination.k8s.io --namespace=peili-system"),
        (true, "patch pods --namespace=peili-system"),
        (true, "patch nodes"),
        (true, "patch namespaces/peili-system"),
        (true, "create nodemirrorstatuses.peili.dev"),
        (true, "patch nodemirrorstatuses.peili.dev --subresource=status"),
        (true, "patch registrymirrors.peili.dev --subresource=status"),
        (true, "update registrymirrors.peili.dev --subresource=finalizers"),
        (true, "create events.events.k8s.io --namespace=default"),
        (false, "get secrets --namespace=default"),
        (false, "list secrets --all-namespaces"),
        (false, "list pods --namespace=kube-system"),
        (false, "delete nodes"),
        (false, "update nodes"),
        (false, "update registrymirrors.peili.dev"),
        (false, "update daemonsets.apps --namespace=peili-system"),
        (false, "update secrets --namespace=peili-system"),
        (false, "patch namespaces/default"),
        (false, "list namespaces"),
        (false, "delete registrymirrors.peili.dev"),
        (false, "create registrymirrors.peili.dev"),
        (false, "create clusterrolebindings.rbac.authorization.k8s.io"),
    ];

    private static JsonObject Of(IEnumerable<JsonObject> objects, string kind) => objects.Single(entry => entry["kind"]!.GetValue<string>() == kind);

    private static async Task<IReadOnlyList<JsonObject>> BuildAsync(string name)
    {
        Assert.SkipWhen(Kubectl.WhyNot is not null, Kubectl.WhyNot ?? "");
        return YamlDocuments.Read(await new Kubectl(null).RunAsync("kustomize", Checkout.PathOf("config", name)));
    }
}
