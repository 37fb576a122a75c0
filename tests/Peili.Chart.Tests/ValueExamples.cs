namespace Peili.Chart.Tests;

/// <summary>Another value than the default for each value of the chart, and the objects that it changes.</summary>
internal static class ValueExamples
{
    private const string Operator = "Deployment peili-operator";
    private const string Release = "Job peili-release";
    private const string Agents = "ServiceMonitor peili-agent";
    private const string Operators = "ServiceMonitor peili-operator";
    private const string Rules = "PrometheusRule peili";
    private const string Dashboards = "ConfigMap peili-dashboards";

    /// <summary>Value, example, and what is another object then; none stands for every object.</summary>
    public static IReadOnlyList<(string Path, string Example, string[] Changes)> All { get; } =
    [
        ("registryMirrors", """{"edge":{"resolveTags":"Always"}}""", ["RegistryMirror edge", "Job peili-wait"]),
        ("replicas", "3", [Operator]),
        ("image.repository", "\"registry.example:5000/team/operator\"", [Operator, Release]),
        ("image.tag", "\"9.9.9\"", [Operator, Release]),
        ("image.digest", $"\"sha256:{new string('a', 64)}\"", [Operator, Release]),
        ("image.pullPolicy", "\"Always\"", [Operator, Release]),
        ("agentImage.repository", "\"registry.example/agent\"", [Operator]),
        ("agentImage.tag", "\"9.9.9\"", [Operator]),
        ("agentImage.digest", $"\"sha256:{new string('b', 64)}\"", [Operator]),
        ("imagePullSecrets", """[{"name":"login"}]""", [Operator, Release]),
        ("logLevel", "\"Debug\"", [Operator]),
        ("crds.install", "false", ["CustomResourceDefinition registrymirrors.peili.dev", "CustomResourceDefinition nodemirrorstatuses.peili.dev"]),
        ("resources", """{"limits":{"memory":"1Gi"}}""", [Operator, Release]),
        ("nodeSelector", """{"pool":"system"}""", [Operator, Release]),
        ("tolerations", """[{"operator":"Exists"}]""", [Operator, Release]),
        ("affinity", """{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[]}}""", [Operator]),
        ("topologySpreadConstraints", "[]", [Operator]),
        ("priorityClassName", "\"\"", [Operator, Release]),
        ("podLabels", """{"team":"edge"}""", [Operator, Release]),
        ("podAnnotations", """{"sidecar.istio.io/inject":"false"}""", [Operator, Release]),
        ("commonLabels", """{"team":"edge"}""", []),
        ("commonAnnotations", """{"example.com/owner":"edge"}""", []),
        ("networkPolicy.enabled", "false", ["NetworkPolicy peili-operator"]),
        ("podDisruptionBudget.enabled", "false", ["PodDisruptionBudget peili-operator"]),
        ("podDisruptionBudget.maxUnavailable", "\"50%\"", ["PodDisruptionBudget peili-operator"]),
        ("metrics.serviceMonitor.enabled", "true", [Agents, Operators]),
        ("metrics.serviceMonitor.interval", "\"1m\"", [Agents, Operators]),
        ("metrics.serviceMonitor.labels", """{"release":"prometheus"}""", [Agents, Operators]),
        ("metrics.prometheusRules.enabled", "true", [Rules]),
        ("metrics.prometheusRules.labels", """{"release":"prometheus"}""", [Rules]),
        ("metrics.dashboards.enabled", "true", [Dashboards]),
        ("metrics.dashboards.labels", """{"folder":"peili"}""", [Dashboards]),
        ("uninstall.timeout", "\"1h\"", [Release]),
    ];
}
