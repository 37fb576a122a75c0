using System.Text.Json.Nodes;

namespace Peili.Chart.Generator;

/// <summary>The values of the chart, in the order that users read them.</summary>
/// <param name="found">The defaults that stand in the manifests, by the path of their value.</param>
internal sealed class ChartValues(IReadOnlyDictionary<string, JsonNode?> found)
{
    private const string OwnLabels = "^(app\\.kubernetes\\.io/(name|component|part-of)|grafana_dashboard)$";
    private const string HelmsAnnotations = "^(helm\\.sh|meta\\.helm\\.sh)/";

    /// <summary>All of them.</summary>
    public IReadOnlyList<ChartValue> All() =>
    [
        Own("registryMirrors", "RegistryMirrors to create with the operator: their specs by name, as in `default: {}`. docs/api.md has the fields. The CRDs' own rules are looked at by the server.", Schemas.Mirrors, new JsonObject()),
        Of("replicas", "How many operators run; one of them leads.", Schemas.Whole(0)),
        Of("image.repository", "The operator's image.", Schemas.Text("^[^:@\\s]+(:[0-9]+/[^:@\\s]+)?$")),
        Own("image.tag", "Its tag; the chart's appVersion where there is none.", Schemas.Text(), ""),
        Own("image.digest", "Its digest, as in sha256:..., beside the tag.", Schemas.Text("^(sha256:[0-9a-f]{64})?$"), ""),
        Of("image.pullPolicy", "When the operator's image is pulled.", Schemas.OneOf("Always", "IfNotPresent", "Never")),
        Of("agentImage.repository", "The agents' image, where a RegistryMirror names none.", Schemas.Text("^[^:@\\s]+(:[0-9]+/[^:@\\s]+)?$")),
        Own("agentImage.tag", "Its tag; the chart's appVersion where there is none.", Schemas.Text(), ""),
        Own("agentImage.digest", "Its digest, as in sha256:..., beside the tag.", Schemas.Text("^(sha256:[0-9a-f]{64})?$"), ""),
        Own("imagePullSecrets", "Secrets of the release's namespace that the operator's image is pulled with, as in `[{name: login}]`.", Schemas.List, new JsonArray()),
        Own("logLevel", "Least severe log lines of the operator; Information where it is not said.", Schemas.OneOf("", "Debug", "Information", "Warning", "Error"), ""),
        Own("crds.install", "Whether the chart brings the definitions of RegistryMirror and NodeMirrorStatus. They stay when the chart goes, and when this becomes false.", Schemas.Switch, true),
        Of("resources", "The operator's resources.", Schemas.Resources),
        Of("nodeSelector", "The nodes that the operator runs on.", Schemas.Map),
        Of("tolerations", "The taints that the operator puts up with. Keep peili.dev/agent-not-ready among them: nobody but the operator takes that off.", Schemas.Tolerations),
        Of("affinity", "Where the operator's pods would rather be.", Schemas.Map),
        Of("topologySpreadConstraints", "How the operator's pods are spread.", Schemas.List),
        Of("priorityClassName", "The operator's priority.", Schemas.Text()),
        Own("podLabels", "Labels of the operator's pods besides its own.", Schemas.Marks(OwnLabels), new JsonObject()),
        Own("podAnnotations", "Annotations of the operator's pods besides its own.", Schemas.Marks("^kubectl\\.kubernetes\\.io/default-container$"), new JsonObject()),
        Own("commonLabels", "Labels of every object besides its own.", Schemas.Marks(OwnLabels), new JsonObject()),
        Own("commonAnnotations", "Annotations of every object besides its own.", Schemas.Marks(HelmsAnnotations), new JsonObject()),
        Own("networkPolicy.enabled", "Whether the operator's pods get a NetworkPolicy: in, probes and metrics; out, everything.", Schemas.Switch, true),
        Own("podDisruptionBudget.enabled", "Whether the operator gets a PodDisruptionBudget.", Schemas.Switch, true),
        Of("podDisruptionBudget.maxUnavailable", "How many operators may be evicted at once: a number or a percentage.", new JsonObject { ["type"] = new JsonArray("integer", "string"), ["minimum"] = 0, ["pattern"] = "^[0-9]+%$" }),
        Own("metrics.serviceMonitor.enabled", "Whether the Prometheus Operator is told to scrape operator and agents (agents: of RegistryMirrors with metrics.mode Node).", Schemas.Switch, false),
        Of("metrics.serviceMonitor.interval", "How often.", Schemas.Text("^([0-9]+(ms|s|m|h))+$")),
        Own("metrics.serviceMonitor.labels", "Labels by which your Prometheus selects ServiceMonitors.", Schemas.Marks(OwnLabels), new JsonObject()),
        Own("metrics.prometheusRules.enabled", "Whether the Prometheus Operator is given the alerts; docs/operations.md says what to do at each.", Schemas.Switch, false),
        Own("metrics.prometheusRules.labels", "Labels by which your Prometheus selects rules.", Schemas.Marks(OwnLabels), new JsonObject()),
        Own("metrics.dashboards.enabled", "Whether there is a ConfigMap with the two dashboards, as Grafana's sidecar looks for them.", Schemas.Switch, false),
        Own("metrics.dashboards.labels", "Labels of that ConfigMap besides grafana_dashboard.", Schemas.Marks(OwnLabels), new JsonObject()),
        Own("uninstall.timeout", "How long helm uninstall waits until nodes are as they were before; a duration. Give helm a --timeout that is longer.", Schemas.Text("^([0-9]+(s|m|h))+$"), "10m"),
    ];

    private static ChartValue Own(string path, string description, JsonObject schema, JsonNode standard) => new(path, description, schema, standard);

    private ChartValue Of(string path, string description, JsonObject schema) => found.TryGetValue(path, out var value)
        ? new ChartValue(path, description, schema, value)
        : throw new InvalidDataException($"no manifest has {path} any more: take the value out of the chart, or its edit has to look elsewhere");
}
