using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Peili.Crds.Generator;

namespace Peili.Chart.Generator;

/// <summary>The files of the chart that are made; the others (helpers, notes, RegistryMirrors) are written by hand.</summary>
internal static class ChartFiles
{
    private const string Source = "`make chart` from the kustomizations below config";

    /// <summary>Where Kubernetes knows CEL rules in definitions: what config/default is for; config/legacy is for the others.</summary>
    private const string IsModern = "semverCompare \">=1.25.0-0\" .Capabilities.KubeVersion.Version";

    /// <summary>The text of each file, by its path below the chart.</summary>
    /// <param name="config">The folder with the kustomizations.</param>
    public static IReadOnlyDictionary<string, string> Create(string config)
    {
        var found = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var modern = Objects(config, "default", "prometheus");
        var legacy = Objects(config, "legacy", "prometheus");
        foreach (var name in modern.Keys.Union(legacy.Keys).Where(name => !name.StartsWith("namespace-", StringComparison.Ordinal)))
        {
            files[$"templates/{name}.yaml"] = Template(modern.GetValueOrDefault(name), legacy.GetValueOrDefault(name), found);
        }

        files["templates/configmap-peili-dashboards.yaml"] = Dashboards(Kustomization.Build(Path.Combine(config, "grafana")), files, found);
        AddHooks(modern["deployment-peili-operator"], files, found);

        var values = new ChartValues(found).All();
        files["values.yaml"] = ValuesFile.Write(values, Source);
        files["values.schema.json"] = ValuesSchema.Write(values);
        files["README.md"] = Readme(values);
        files["Chart.yaml"] = ChartYaml();
        return files;
    }

    private static Dictionary<string, JsonObject> Objects(string config, params ReadOnlySpan<string> folders)
    {
        var objects = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var manifest in folders.ToArray().SelectMany(folder => Kustomization.Build(Path.Combine(config, folder))))
        {
            objects.Add($"{manifest["kind"]}-{manifest["metadata"]!["name"]}".ToLowerInvariant(), manifest);
        }

        return objects;
    }

    private static string Template(JsonObject? modern, JsonObject? legacy, Dictionary<string, JsonNode?> found)
    {
        var kind = (string)(modern ?? legacy)!["kind"]!;
        var body = JsonNode.DeepEquals(modern, legacy) ? Edited(modern!)
            : legacy is null ? $"{{{{- if {IsModern} }}}}\n{Edited(modern!)}{{{{- end }}}}\n"
            : modern is null ? $"{{{{- if not ({IsModern}) }}}}\n{Edited(legacy)}{{{{- end }}}}\n"
            : $"{{{{- if {IsModern} }}}}\n{Edited(modern)}{{{{- else }}}}\n{Edited(legacy)}{{{{- end }}}}\n";
        return Document(SwitchOf(kind), body);

        string Edited(JsonObject manifest)
        {
            var text = new TemplateText();
            var edited = manifest.DeepClone().AsObject();
            new ManifestEdits(text, found).Edit(edited);
            return text.Write(edited);
        }
    }

    /// <summary>The value that says whether objects of a kind are there.</summary>
    private static string? SwitchOf(string kind) => kind switch
    {
        "CustomResourceDefinition" => ".Values.crds.install",
        "NetworkPolicy" => ".Values.networkPolicy.enabled",
        "PodDisruptionBudget" => ".Values.podDisruptionBudget.enabled",
        "ServiceMonitor" => ".Values.metrics.serviceMonitor.enabled",
        "PrometheusRule" => ".Values.metrics.prometheusRules.enabled",
        "ConfigMap" => ".Values.metrics.dashboards.enabled",
        _ => null,
    };

    private static string Document(string? condition, params ReadOnlySpan<string> objects)
    {
        var text = string.Join("---\n", objects.ToArray());
        return $"{{{{- /* Made by {Source}; do not edit. */ -}}}}\n{(condition is null ? text : $"{{{{- if {condition} }}}}\n{text}{{{{- end }}}}\n")}";
    }

    /// <summary>The dashboards are files of the chart, as they are; Grafana's own braces are no template's.</summary>
    private static string Dashboards(IReadOnlyList<JsonObject> objects, SortedDictionary<string, string> files, Dictionary<string, JsonNode?> found)
    {
        var map = objects.Single();
        var text = new TemplateText();
        foreach (var (name, content) in map["data"]!.AsObject().ToList())
        {
            files[$"dashboards/{name}"] = (string)content!;
            map["data"]![name] = text.Inline($".Files.Get \"dashboards/{name}\" | toJson");
        }

        new ManifestEdits(text, found).Edit(map);
        return Document(SwitchOf("ConfigMap"), text.Write(map));
    }

    private static void AddHooks(JsonObject deployment, SortedDictionary<string, string> files, Dictionary<string, JsonNode?> found)
    {
        var text = new TemplateText();
        files["templates/hook-release.yaml"] = Document(null, [.. ReleaseHook.Create(deployment, text).Select(Edited)]);
        files["templates/hook-wait.yaml"] = Document(
            "include \"peili.mirrorsAreHooks\" .", Edited(HookJob.Create(deployment, "wait", "post-install,post-upgrade", "peili-operator", "wait", "--timeout=2m")));

        string Edited(JsonObject manifest)
        {
            new ManifestEdits(text, found).Edit(manifest);
            return text.Write(manifest);
        }
    }

    private static string Readme(IReadOnlyList<ChartValue> values)
    {
        using var text = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("readme.md")!);
        var rows = new StringBuilder();
        foreach (var value in values)
        {
            rows.Append("| `").Append(value.Path).Append("` | ").Append(value.Description.Replace("|", "\\|", StringComparison.Ordinal)).Append(" | ")
                .Append(value.Default is JsonObject { Count: > 0 } or JsonArray { Count: > 0 } ? "see [values.yaml](values.yaml)" : $"`{value.Default!.ToJsonString()}`").Append(" |\n");
        }

        return text.ReadToEnd().Replace("VALUES", rows.ToString().TrimEnd('\n'), StringComparison.Ordinal);
    }

    private static string ChartYaml()
    {
        var version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);
        return $"# Made by {Source}; do not edit.\n" + Yaml.Write(new JsonObject
        {
            ["apiVersion"] = "v2",
            ["name"] = "peili",
            ["description"] = "Makes every node's containerd serve its images to the whole cluster.",
            ["type"] = "application",
            ["version"] = version,
            ["appVersion"] = version,
            ["home"] = "https://peili.dev",
            ["keywords"] = new JsonArray("registry", "mirror", "containerd", "images"),
        });
    }
}
