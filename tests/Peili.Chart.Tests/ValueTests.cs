using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Peili.Chart.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Chart.Tests;

/// <summary>What users may say.</summary>
public sealed partial class ValueTests
{
    private static readonly JsonObject s_schema = JsonNode.Parse(File.ReadAllText(Checkout.PathOf("config", "chart", "values.schema.json")))!.AsObject();

    public static TheoryData<string, string, string> Refused { get; } = new()
    {
        { "replica", "3", "replica" },
        { "replicas", "-1", "replicas" },
        { "replicas", "\"two\"", "replicas" },
        { "image.repository", "\"registry.example/team/operator:1.0\"", "repository" },
        { "image.digest", "\"sha256:abc\"", "digest" },
        { "image.pullPolicy", "\"Sometimes\"", "pullPolicy" },
        { "logLevel", "\"Loud\"", "logLevel" },
        { "resources", """{"limit":{"memory":"1Gi"}}""", "limit" },
        { "tolerations", """[{"operator":"Sometimes"}]""", "operator" },
        { "commonLabels", """{"app.kubernetes.io/name":"mine"}""", "commonLabels" },
        { "commonLabels", """{"team":1}""", "team" },
        { "commonAnnotations", """{"helm.sh/resource-policy":"keep"}""", "commonAnnotations" },
        { "podDisruptionBudget.maxUnavailable", "\"half\"", "maxUnavailable" },
        { "metrics.serviceMonitor.interval", "\"often\"", "interval" },
        { "metrics.rules.enabled", "true", "rules" },
        { "uninstall.timeout", "\"soon\"", "timeout" },
        { "registryMirrors", """{"Default":{}}""", "Default" },
        { "registryMirrors", """{"default":{"resolveTag":"Always"}}""", "resolveTag" },
        { "registryMirrors", """{"default":{"resolveTags":"Sometimes"}}""", "resolveTags" },
        { "registryMirrors", """{"default":{"registries":["https://docker.io"]}}""", "registries" },
        { "registryMirrors", """{"default":{"ports":{"peer":70000}}}""", "peer" },
        { "registryMirrors", """{"default":{"additionalMirrors":[{"registries":["quay.io"]}]}}""", "url" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_or_misspelt_is_refused_by_name(string path, string value, string named)
    {
        foreach (var helm in new[] { Helm.Three, Helm.Four })
        {
            var (exitCode, _, error) = await Rendered.TryChartAsync(helm, At(path, value));
            exitCode.ShouldNotBe(0);
            error.ShouldContain(named);
            error.ShouldContain("schema");
        }
    }

    [Fact]
    public void Every_value_has_an_example() => ValueExamples.All.Select(example => example.Path).ShouldBe(Paths(s_schema), ignoreOrder: true);

    [Fact]
    public async Task Every_value_changes_what_it_says_and_nothing_else()
    {
        foreach (var (path, example, changes) in ValueExamples.All)
        {
            // Where the object is there only when it is switched on, it is.
            var values = path.StartsWith("metrics.", StringComparison.Ordinal) && !path.EndsWith(".enabled", StringComparison.Ordinal)
                ? At($"{path[..path.LastIndexOf('.')]}.enabled", "true")
                : [];
            var before = await Rendered.ChartAsync(Helm.Four, values);
            var after = await Rendered.ChartAsync(Helm.Four, At(path, example, values));

            before.Keys.Union(after.Keys).Where(name => !JsonNode.DeepEquals(before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
                .ShouldBe(changes.Length == 0 ? before.Keys : changes, ignoreOrder: true, $"{path} = {example}");
        }
    }

    [Fact]
    public async Task A_list_or_map_that_is_not_wanted_is_null()
    {
        var values = new JsonObject { ["affinity"] = null, ["nodeSelector"] = null, ["tolerations"] = null, ["resources"] = null, ["topologySpreadConstraints"] = null };
        foreach (var helm in new[] { Helm.Three, Helm.Four })
        {
            var pod = (await Rendered.ChartAsync(helm, values))["Deployment peili-operator"]["spec"]!["template"]!["spec"]!.AsObject();
            pod.Select(field => field.Key).Intersect(values.Select(value => value.Key)).ShouldBeEmpty();
            pod["containers"]![0]!["resources"].ShouldBeNull();
        }
    }

    [Fact]
    public void Templates_use_the_values_of_the_schema_and_no_others()
    {
        var known = Paths(s_schema).ToList();
        var used = Directory.EnumerateFiles(Checkout.PathOf("config", "chart", "templates"))
            .SelectMany(file => Used().Matches(File.ReadAllText(file)).Select(match => match.Groups["path"].Value)).Distinct().ToList();

        // A template may hand on a map whole, as it does with image.
        used.ShouldAllBe(path => known.Any(value => value == path || value.StartsWith($"{path}.", StringComparison.Ordinal)));
        known.ShouldAllBe(value => used.Any(path => value == path || value.StartsWith($"{path}.", StringComparison.Ordinal)));
    }

    /// <summary>The values as users name them: what has a description is one, and all else is on the way to one.</summary>
    private static IEnumerable<string> Paths(JsonObject schema, string parent = "") => schema["properties"]!.AsObject().Where(value => value.Key != "global").SelectMany(value =>
        value.Value!["description"] is null ? Paths(value.Value.AsObject(), $"{parent}{value.Key}.") : [$"{parent}{value.Key}"]);

    private static JsonObject At(string path, string value, JsonObject? among = null)
    {
        var root = among?.DeepClone().AsObject() ?? [];
        var owner = root;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            owner[name] ??= new JsonObject();
            owner = owner[name]!.AsObject();
        }

        owner[names[^1]] = JsonNode.Parse(value);
        return root;
    }

    [GeneratedRegex(@"\.Values\.(?<path>[A-Za-z]+(\.[A-Za-z]+)*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Used();
}
