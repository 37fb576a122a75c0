using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Crds.Tests.Support;
using Peili.Kubernetes.Configuration;
using Peili.LocalCluster;

namespace Peili.Crds.Tests;

/// <summary>The kinds on Kubernetes 1.20, which knows no rules, and by kubectl as users have it.</summary>
public sealed class OldServerTests(Servers servers)
{
    private const string Minimal = """{"apiVersion":"peili.dev/v1alpha1","kind":"RegistryMirror","metadata":{"name":"NAME"}}""";

    public static TheoryData<string> Patterns { get; } = [.. RuleCases.All.Where(rule => rule.IsPattern).Select(rule => rule.Message)];

    [Fact]
    public async Task Definitions_with_rules_are_taken_as_well()
    {
        var kubectl = await KubectlAsync();

        // This server knows no x-kubernetes-validations, which kubectl would refuse to send.
        await kubectl.RunAsync("apply", "--dry-run=server", "--validate=false", "-k", Checkout.PathOf("config", "crd"));
    }

    [Fact]
    public async Task Definitions_are_applied_by_the_server_as_well()
    {
        var kubectl = await KubectlAsync();

        await kubectl.RunAsync("apply", "--server-side", "--force-conflicts", "-k", Checkout.PathOf("crds", "manifests", "legacy"));
        await kubectl.RunAsync("wait", "--for=condition=Established", "--timeout=120s", "crd/registrymirrors.peili.dev", "crd/nodemirrorstatuses.peili.dev");
    }

    [Theory]
    [InlineData("apply", "-f", "-")]
    [InlineData("apply", "--server-side", "-f", "-")]
    public async Task What_is_not_said_has_its_default(params string[] arguments)
    {
        var kubectl = await KubectlAsync();
        var name = NewName();

        await kubectl.RunWithAsync(Minimal.Replace("NAME", name, StringComparison.Ordinal), arguments);

        var read = JsonSerializer.Deserialize(await kubectl.RunAsync("get", "registrymirror", name, "-o", "json"), CrdJson.Default.RegistryMirror)!;
        JsonSerializer.Serialize(read.Spec, CrdJson.Default.RegistryMirrorSpec).ShouldBe(JsonSerializer.Serialize(new RegistryMirrorSpec(), CrdJson.Default.RegistryMirrorSpec));
        (await kubectl.RunAsync("get", "regmirror", name, "-o", "jsonpath={.spec.ports.peer} {.spec.tolerations[0].operator} {.spec.updateStrategy.maxUnavailable} {.spec.relay.mode}"))
            .ShouldBe("29951 Exists 10% On");
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public async Task What_is_wrongly_written_is_refused(string message)
    {
        using var client = new ServerClient(KubernetesClientConfiguration.Build(KubeConfig.Load((await servers.GetOldAsync()).KubeConfig)));
        var rule = RuleCases.All.Single(rule => rule.Message == message);

        // Built with a newer Go than it was written for, this server takes an empty string for null (kubernetes/kubernetes#99804).
        foreach (var accepted in rule.Accepted.Where(spec => !spec.Contains("\"\"", StringComparison.Ordinal)))
        {
            (await client.RefusalOfAsync(RuleCase.Parse(accepted))).ShouldBeNull(accepted);
        }

        foreach (var refused in rule.Refused)
        {
            (await client.RefusalOfAsync(RuleCase.Parse(refused))).ShouldNotBeNull(refused);
        }
    }

    [Theory]
    [MemberData(nameof(BoundCases.Refused), MemberType = typeof(BoundCases))]
    public async Task Every_kind_of_bound_refuses(string spec)
    {
        using var client = new ServerClient(KubernetesClientConfiguration.Build(KubeConfig.Load((await servers.GetOldAsync()).KubeConfig)));

        (await client.RefusalOfAsync(RegistryMirrorJson.WithSpec(spec))).ShouldNotBeNull(spec);
    }

    [Fact]
    public async Task Kubectl_shows_a_mirror_in_columns()
    {
        var kubectl = await KubectlAsync();
        var name = NewName();
        await kubectl.RunWithAsync(Minimal.Replace("NAME", name, StringComparison.Ordinal), "apply", "-f", "-");
        await kubectl.RunAsync("annotate", "registrymirror", name, "peili.dev/paused=maintenance");
        await SetStatusAsync(kubectl, $"registrymirror/{name}", JsonSerializer.SerializeToNode(new RegistryMirror { Status = FullStatus.OfMirror }, CrdKinds.RegistryMirror.TypeInfo)!);

        (await TableAsync(kubectl, "registrymirror", name)).ShouldBe(
            ["NAME|READY|NODES|COMPATIBLE|NEEDS-CONFIG|AGE", $"{name}|True|4|2|1|*"]);
        (await TableAsync(kubectl, "regmirror", name, "-o", "wide")).ShouldBe(
        [
            "NAME|READY|NODES|COMPATIBLE|NEEDS-CONFIG|UNSUPPORTED|PAUSED|MESSAGE|AGE",
            $"{name}|True|4|2|1|1|maintenance|3 of 3 nodes|*",
        ]);
        await kubectl.RunAsync("wait", "--for=condition=Ready", "--timeout=60s", $"registrymirror/{name}");
        (await kubectl.RunAsync("get", "peili", "-o", "name")).ShouldContain($"registrymirror.peili.dev/{name}");
    }

    [Fact]
    public async Task Kubectl_shows_a_node_in_columns()
    {
        var kubectl = await KubectlAsync();
        var name = NewName();
        await kubectl.RunWithAsync(
            $$$"""{"apiVersion":"peili.dev/v1alpha1","kind":"NodeMirrorStatus","metadata":{"name":"{{{name}}}"}}""", "apply", "-f", "-");
        await SetStatusAsync(kubectl, $"nodemirrorstatus/{name}", JsonSerializer.SerializeToNode(new NodeMirrorStatus { Status = FullStatus.OfNode }, CrdKinds.NodeMirrorStatus.TypeInfo)!);

        (await TableAsync(kubectl, "nodemirrorstatus", name)).ShouldBe(
            ["NAME|MIRROR|FLAVOR|VERDICT|READY|PEERS|DIGESTS|AGE", $"{name}|default|k3s|Compatible|True|3|812|*"]);
        (await TableAsync(kubectl, "nms", name, "-o", "wide")).ShouldBe(
        [
            "NAME|MIRROR|FLAVOR|VERDICT|READY|PEERS|DIGESTS|REASON|AGE",
            $"{name}|default|k3s|Compatible|True|3|812|AsItShouldBe|*",
        ]);
    }

    [Fact]
    public async Task Kubectl_explains_every_field()
    {
        var kubectl = await KubectlAsync();

        // A server publishes what is explained a while after it has accepted the definition.
        await Containerd.Tests.Support.Eventually.IsTrueAsync(
            async () => (await kubectl.TryAsync("", "explain", "registrymirror.spec")).Output.Contains("upstreamFallback", StringComparison.Ordinal), "the schema is published");
        var explained = await kubectl.RunAsync("explain", "registrymirror.spec", "--recursive");

        foreach (var field in new[] { "additionalMirrors", "caSecretRef", "remediation", "minRate", "maxUnavailable", "secretKeyRef", "tolerationSeconds" })
        {
            explained.ShouldContain(field);
        }

        var words = string.Join(' ', (await kubectl.RunAsync("explain", "registrymirror.spec.relay")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        words.ShouldContain("before it goes upstream; a duration from 0s to 1m, 2s where it is not said");
    }

    [Fact]
    public async Task The_samples_are_taken_and_have_no_field_that_is_not_known()
    {
        var kubectl = await KubectlAsync();

        await kubectl.RunAsync("apply", "--dry-run=server", "-k", Checkout.PathOf("config", "samples"));
    }

    private async Task<Kubectl> KubectlAsync() => new((await servers.GetOldAsync()).KubeConfig);

    private static Task<string> SetStatusAsync(Kubectl kubectl, string name, JsonNode whole) =>
        kubectl.RunAsync("patch", name, "--subresource=status", "--type=merge", "--patch", new JsonObject { ["status"] = whole["status"]!.DeepClone() }.ToJsonString());

    // Columns stand at least three blanks apart; the age differs from run to run.
    private static async Task<string[]> TableAsync(Kubectl kubectl, params string[] arguments) =>
    [
        .. (await kubectl.RunAsync(["get", .. arguments])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join('|', line.Split("   ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            .Select((line, index) => index == 0 ? line : string.Concat(line.AsSpan(0, line.LastIndexOf('|') + 1), "*")),
    ];

    private static string NewName() => $"test-{Guid.NewGuid():N}"[..20];
}
