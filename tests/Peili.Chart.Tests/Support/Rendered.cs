using System.Text.Json.Nodes;
using Peili.Crds.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Chart.Tests.Support;

/// <summary>What Helm and kubectl make of our files: objects, by kind and name.</summary>
internal static class Rendered
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Folder => Checkout.PathOf("config", "chart");

    /// <summary>The chart with these values, as Helm would apply it. Where this Helm is not to be had, the test is skipped.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonObject>> ChartAsync(Helm helm, JsonObject? values = null, params string[] arguments)
    {
        var (exitCode, output, error) = await TryChartAsync(helm, values, arguments);
        return exitCode == 0 ? ByName(YamlDocuments.Read(output)) : throw new InvalidOperationException($"helm template: {error}");
    }

    /// <summary>The same, also where Helm refuses.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> TryChartAsync(Helm helm, JsonObject? values = null, params string[] arguments)
    {
        Assert.SkipWhen(helm.WhyNot is not null, helm.WhyNot ?? "");
        var result = await helm.RunAsync(
            ["template", "peili", Folder, "--namespace", "peili-system", "--kube-version", "1.30.0", "--values", "-", .. arguments], Cancellation, input: (values ?? []).ToJsonString());
        return (result.ExitCode, result.Output, result.Error);
    }

    /// <summary>What kubectl makes of a folder of config.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonObject>> KustomizationAsync(string folder)
    {
        Assert.SkipWhen(Kubectl.WhyNot is not null, Kubectl.WhyNot ?? "");
        return ByName(YamlDocuments.Read(await new Kubectl(null).RunAsync("kustomize", Checkout.PathOf("config", folder))));
    }

    /// <summary>Says where two sets of objects are not the same; nothing where they are.</summary>
    public static IEnumerable<string> Differences(IReadOnlyDictionary<string, JsonObject> one, IReadOnlyDictionary<string, JsonObject> other) =>
        one.Keys.Union(other.Keys).SelectMany(name => Differences(name, one.GetValueOrDefault(name), other.GetValueOrDefault(name)));

    private static IEnumerable<string> Differences(string path, JsonNode? one, JsonNode? other) => (one, other) switch
    {
        (JsonObject a, JsonObject b) => a.Select(field => field.Key).Union(b.Select(field => field.Key)).SelectMany(name => Differences($"{path}.{name}", a[name], b[name])),
        (JsonArray a, JsonArray b) when a.Count == b.Count => a.Zip(b).SelectMany((pair, index) => Differences($"{path}[{index}]", pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(one, other) ? [] : [$"{path}: {one?.ToJsonString() ?? "nothing"} and {other?.ToJsonString() ?? "nothing"}"],
    };

    private static Dictionary<string, JsonObject> ByName(IEnumerable<JsonObject> objects) => objects.ToDictionary(entry => $"{entry["kind"]} {entry["metadata"]!["name"]}");
}
