using System.Text.Json.Nodes;

namespace Peili.Chart.Generator;

/// <summary>Puts values where manifests have what users may want otherwise; what the manifests have becomes the values' default.</summary>
/// <param name="text">The template that is made.</param>
/// <param name="found">Gets the defaults, by the path of their value.</param>
internal sealed class ManifestEdits(TemplateText text, Dictionary<string, JsonNode?> found)
{
    private const string Namespace = "peili-system";

    /// <summary>Does it, in place.</summary>
    public void Edit(JsonObject manifest)
    {
        PutNamespace(manifest);
        switch ((string)manifest["kind"]!)
        {
            case "CustomResourceDefinition":
                manifest["metadata"]!["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = "keep" };
                break;
            case "Deployment":
                EditDeployment(manifest["spec"]!);
                break;
            case "Job":
                EditPods(manifest["spec"]!["template"]!);
                break;
            case "PodDisruptionBudget":
                manifest["spec"]!["maxUnavailable"] = Inline("podDisruptionBudget.maxUnavailable", manifest["spec"]!["maxUnavailable"]);
                break;
            case "ServiceMonitor":
                foreach (var endpoint in manifest["spec"]!["endpoints"]!.AsArray())
                {
                    endpoint!["interval"] = Inline("metrics.serviceMonitor.interval", endpoint["interval"]);
                }

                break;
        }

        AddMarks(manifest);
    }

    /// <summary>The pods of a Deployment or Job with the operator's program.</summary>
    private void EditPods(JsonNode template)
    {
        text.Merge(template["metadata"]!["labels"]!.AsObject(), ".Values.podLabels");
        text.Merge(template["metadata"]!["annotations"]!.AsObject(), ".Values.podAnnotations");
        var pod = template["spec"]!.AsObject();
        var container = pod["containers"]![0]!.AsObject();
        pod["imagePullSecrets"] = text.Block(".Values.imagePullSecrets");
        container["image"] = Image("image", (string)container["image"]!);
        container["imagePullPolicy"] = Inline("image.pullPolicy", container["imagePullPolicy"]);
        Bind(container, "resources");
        foreach (var field in new[] { "nodeSelector", "tolerations", "affinity", "topologySpreadConstraints" })
        {
            Bind(pod, field);
        }

        found["priorityClassName"] = pod["priorityClassName"]!.DeepClone();
        pod["priorityClassName"] = text.Optional(".Values.priorityClassName");
    }

    private void EditDeployment(JsonNode spec)
    {
        spec["replicas"] = Inline("replicas", spec["replicas"]);
        var container = spec["template"]!["spec"]!["containers"]![0]!;
        container["args"]!.AsArray().Add(text.Item(".Values.logLevel", "--log-level={{ . }}"));
        var agent = container["env"]!.AsArray().Single(variable => (string)variable!["name"]! == "PEILI_AGENT_IMAGE")!;
        agent["value"] = Image("agentImage", (string)agent["value"]!);
        EditPods(spec["template"]!);
    }

    /// <summary>The labels and annotations that every object of the user's has.</summary>
    private void AddMarks(JsonObject manifest)
    {
        const string Common = ".Values.commonLabels";
        var labels = (string)manifest["kind"]! switch
        {
            "ServiceMonitor" => $"(merge (dict) .Values.metrics.serviceMonitor.labels {Common})",
            "PrometheusRule" => $"(merge (dict) .Values.metrics.prometheusRules.labels {Common})",
            "ConfigMap" => $"(merge (dict) .Values.metrics.dashboards.labels {Common})",
            _ => Common,
        };
        Add("labels", labels);
        Add("annotations", ".Values.commonAnnotations");

        void Add(string field, string expression)
        {
            var metadata = manifest["metadata"]!.AsObject();
            if (metadata[field] is JsonObject marks)
            {
                text.Merge(marks, expression);
            }
            else
            {
                metadata[field] = text.Block(expression);
            }
        }
    }

    private void PutNamespace(JsonNode node)
    {
        foreach (var child in node is JsonObject map ? map.Select(entry => entry.Value).ToList() : [.. node.AsArray()])
        {
            if (child is JsonObject or JsonArray)
            {
                PutNamespace(child);
            }
            else if (child is JsonValue value && value.TryGetValue<string>(out var found) && found == Namespace)
            {
                child.ReplaceWith(text.Inline(".Release.Namespace"));
            }
        }
    }

    private void Bind(JsonObject owner, string field)
    {
        if (owner[field] is { } value)
        {
            found[field] = value.DeepClone();
            owner[field] = text.Block($".Values.{field}");
        }
    }

    private string Inline(string path, JsonNode? value)
    {
        found[path] = value!.DeepClone();
        return text.Inline($".Values.{path}");
    }

    private string Image(string name, string image)
    {
        found[$"{name}.repository"] = image[..image.LastIndexOf(':')];
        return text.Inline($"include \"peili.image\" (list .Values.{name} .Chart)");
    }
}
