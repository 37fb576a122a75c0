using System.Text.Json.Nodes;
using Peili.Chart.Generator;
using Peili.Chart.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Chart.Tests;

/// <summary>The chart, rendered by Helm itself, is what <c>kubectl apply -k</c> applies.</summary>
public sealed class KustomizeTests
{
    private const string Namespace = "Namespace peili-system";

    [Fact]
    public void The_committed_chart_is_current()
    {
        var files = ChartFiles.Create(Checkout.PathOf("config"));
        foreach (var (name, text) in files)
        {
            File.ReadAllText(Checkout.PathOf("config", "chart", name)).ShouldBe(text, $"{name} is out of date: make chart");
        }

        // One that is made no longer would be applied all the same.
        string[] written = ["templates/NOTES.txt", "templates/_helpers.tpl", "templates/registrymirrors.yaml"];
        var chart = Checkout.PathOf("config", "chart");
        Directory.EnumerateFiles(chart, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(chart, path)).ShouldBe([.. files.Keys, .. written], ignoreOrder: true);
    }

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task With_its_own_values_it_is_config_default(string helm) => await IsAsync(helm, "default", "1.25.0");

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task For_a_server_without_rules_it_is_config_legacy(string helm) => await IsAsync(helm, "legacy", "v1.24.17-gke.100");

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task With_metrics_it_is_config_prometheus_and_config_grafana_besides(string helm)
    {
        var chart = await Rendered.ChartAsync(new Helm(helm), Metrics(isOn: true), "--no-hooks");
        var without = await Rendered.ChartAsync(new Helm(helm), Metrics(isOn: false), "--no-hooks");
        var added = chart.Where(entry => !without.ContainsKey(entry.Key)).ToDictionary();
        var expected = (await Rendered.KustomizationAsync("prometheus")).Concat(await Rendered.KustomizationAsync("grafana")).ToDictionary();

        Rendered.Differences(added, expected).ShouldBeEmpty();
    }

    [Theory]
    [ClassData(typeof(Helms))]
    public async Task Nothing_of_the_manifests_namespace_is_left_in_another_one(string helm)
    {
        var here = await Rendered.ChartAsync(new Helm(helm), Metrics(isOn: true));
        var there = await Rendered.ChartAsync(new Helm(helm), Metrics(isOn: true), "--namespace", "elsewhere");

        // Descriptions of fields may name the usual one.
        var expected = here.ToDictionary(entry => entry.Key, entry => entry.Key.StartsWith("CustomResourceDefinition", StringComparison.Ordinal)
            ? entry.Value
            : JsonNode.Parse(entry.Value.ToJsonString().Replace("\"peili-system\"", "\"elsewhere\"", StringComparison.Ordinal))!.AsObject());
        Rendered.Differences(there, expected).ShouldBeEmpty();
        there["ClusterRoleBinding peili-operator"]["subjects"]![0]!["namespace"]!.ToString().ShouldBe("elsewhere");
        there["ClusterRole peili-operator"]["rules"]!.ToJsonString().ShouldContain("\"resourceNames\":[\"elsewhere\"]");
    }

    private static async Task IsAsync(string helm, string folder, string server)
    {
        var chart = await Rendered.ChartAsync(new Helm(helm), null, "--no-hooks", "--kube-version", server);
        var expected = (await Rendered.KustomizationAsync(folder)).ToDictionary();

        // Helm makes the namespace itself, and the definitions outlive the chart.
        expected.Remove(Namespace).ShouldBeTrue();
        foreach (var definition in expected.Values.Where(entry => entry["kind"]!.ToString() == "CustomResourceDefinition"))
        {
            definition["metadata"]!["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = "keep" };
        }

        Rendered.Differences(chart, expected).ShouldBeEmpty();
    }

    private static JsonObject Metrics(bool isOn) => new()
    {
        ["metrics"] = new JsonObject(new[] { "serviceMonitor", "prometheusRules", "dashboards" }.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["enabled"] = isOn }))),
    };
}
