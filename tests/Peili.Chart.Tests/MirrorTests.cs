using System.Text.Json.Nodes;
using Peili.Chart.Tests.Support;
using Peili.Crds.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Chart.Tests;

/// <summary>RegistryMirrors that come with the chart, and what becomes of nodes when it goes.</summary>
public sealed class MirrorTests
{
    private const string Served = "peili.dev/v1alpha1/RegistryMirror";
    private static readonly JsonObject s_mirrors = new() { ["registryMirrors"] = new JsonObject { ["default"] = new JsonObject() } };

    public static TheoryData<string> Samples { get; } =
        [.. Directory.EnumerateFiles(Checkout.PathOf("config", "samples"), "registrymirror*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_sample_can_be_values_as_well(string file)
    {
        var samples = YamlDocuments.Read(await File.ReadAllTextAsync(Checkout.PathOf("config", "samples", file), TestContext.Current.CancellationToken));
        var values = new JsonObject
        {
            ["registryMirrors"] = new JsonObject(samples.Select(sample => KeyValuePair.Create(sample["metadata"]!["name"]!.ToString(), (JsonNode?)(sample["spec"]?.DeepClone() ?? new JsonObject())))),
        };
        foreach (var helm in new[] { Helm.Three, Helm.Four })
        {
            var chart = await Rendered.ChartAsync(helm, values, "--api-versions", Served);
            foreach (var sample in samples)
            {
                var mirror = chart[$"RegistryMirror {sample["metadata"]!["name"]}"];
                mirror["apiVersion"]!.ToString().ShouldBe(sample["apiVersion"]!.ToString());
                JsonNode.DeepEquals(mirror["spec"], sample["spec"] ?? new JsonObject()).ShouldBeTrue($"{mirror["spec"]} must be {sample["spec"]}");
            }
        }
    }

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task Where_RegistryMirrors_are_served_they_are_objects_as_others(string helm)
    {
        var chart = await Rendered.ChartAsync(new Helm(helm), s_mirrors, "--no-hooks", "--api-versions", Served);

        chart["RegistryMirror default"]["metadata"]!.ToJsonString().ShouldBe("""{"name":"default","labels":{"app.kubernetes.io/part-of":"peili"}}""");
    }

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task Where_they_are_not_served_yet_they_are_created_after_their_definition_and_nothing_deletes_them_first(string helm)
    {
        var without = await Rendered.ChartAsync(new Helm(helm), s_mirrors, "--no-hooks");
        without.Keys.ShouldNotContain("RegistryMirror default");

        var chart = await Rendered.ChartAsync(new Helm(helm), s_mirrors);
        var wait = chart["Job peili-wait"];
        var mirror = chart["RegistryMirror default"]["metadata"]!;
        wait["metadata"]!["annotations"]!["helm.sh/hook"]!.ToString().ShouldBe("post-install,post-upgrade");
        mirror["annotations"]!["helm.sh/hook"]!.ToString().ShouldBe("post-install,post-upgrade");
        Weight(wait["metadata"]!).ShouldBeLessThan(Weight(mirror));
        mirror["annotations"]!["helm.sh/hook-delete-policy"]!.ToString().ShouldBe("hook-failed");

        // By these, Helm takes it for its own at the next upgrade.
        mirror["labels"]!["app.kubernetes.io/managed-by"]!.ToString().ShouldBe("Helm");
        mirror["annotations"]!["meta.helm.sh/release-name"]!.ToString().ShouldBe("peili");
        mirror["annotations"]!["meta.helm.sh/release-namespace"]!.ToString().ShouldBe("peili-system");
    }

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task Without_their_definition_Helm_says_what_to_do(string helm)
    {
        var values = s_mirrors.DeepClone().AsObject();
        values["crds"] = new JsonObject { ["install"] = false };
        var (exitCode, _, error) = await Rendered.TryChartAsync(new Helm(helm), values);

        exitCode.ShouldNotBe(0);
        error.ShouldContain("set crds.install=true");
        (await Rendered.ChartAsync(new Helm(helm), values, "--api-versions", Served)).Keys.ShouldContain("RegistryMirror default");
    }

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task Before_anything_goes_nodes_are_released_by_a_pod_as_strict_as_the_operators(string helm)
    {
        var chart = await Rendered.ChartAsync(new Helm(helm));
        var job = chart["Job peili-release"];
        var template = job["spec"]!["template"]!;
        var pod = template["spec"]!;
        var container = pod["containers"]!.AsArray().ShouldHaveSingleItem()!;
        var deployment = chart["Deployment peili-operator"]["spec"]!["template"]!["spec"]!;

        foreach (var name in new[] { "Job", "ServiceAccount", "ClusterRole", "ClusterRoleBinding" })
        {
            chart[$"{name} peili-release"]["metadata"]!["annotations"]!["helm.sh/hook"]!.ToString().ShouldBe("pre-delete");
        }

        foreach (var name in new[] { "ServiceAccount", "ClusterRole", "ClusterRoleBinding" })
        {
            Weight(chart[$"{name} peili-release"]["metadata"]!).ShouldBeLessThan(Weight(job["metadata"]!));
        }

        container["args"]!.ToJsonString().ShouldBe("""["release","--timeout=10m"]""");
        container["image"]!.ToString().ShouldBe(deployment["containers"]![0]!["image"]!.ToString());
        foreach (var (one, other) in new[] { (pod, deployment), (container, deployment["containers"]![0]!) })
        {
            JsonNode.DeepEquals(one["securityContext"], other["securityContext"]).ShouldBeTrue();
        }

        JsonNode.DeepEquals(pod["tolerations"], deployment["tolerations"]).ShouldBeTrue();
        chart["ClusterRole peili-release"]["rules"]!.ToJsonString().ShouldBe("""[{"apiGroups":["peili.dev"],"resources":["registrymirrors"],"verbs":["list","delete"]}]""");

        // Or it would be scraped, and counted against the disruption budget.
        var labels = template["metadata"]!["labels"]!.AsObject();
        foreach (var selector in new[] { chart["Service peili-operator-metrics"]["spec"]!["selector"]!, chart["PodDisruptionBudget peili-operator"]["spec"]!["selector"]!["matchLabels"]! })
        {
            selector.AsObject().All(label => labels[label.Key]?.ToString() == label.Value!.ToString()).ShouldBeFalse();
        }
    }

    private static int Weight(JsonNode metadata) => int.Parse(metadata["annotations"]!["helm.sh/hook-weight"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
