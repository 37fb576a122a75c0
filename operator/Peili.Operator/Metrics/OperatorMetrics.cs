using System.Diagnostics.Metrics;
using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Peili.Crds;
using Peili.Operator.Cluster;
using Peili.Operator.Hosting;
using Peili.Prometheus;

namespace Peili.Operator.Metrics;

/// <summary>All metrics of the operator; docs/metrics.md says what each is for. No label is ever a node's name or an address.</summary>
internal sealed class OperatorMetrics : IDisposable
{
    /// <summary>Per instrument; those above are added up in one.</summary>
    private const int MostSeries = 250;

    private static readonly string[] s_truths = ["true", "false"];

    private readonly MeterProvider _provider;
    private readonly PrometheusExporterMiddleware _scrapes;

    public OperatorMetrics(
        OperatorMeter meter, ClusterCache cache, Controllers controllers, Leadership leadership, TimeProvider time, ILogger<PrometheusExporterMiddleware> logger)
    {
        Add(meter.Meter, cache, controllers, leadership);
        var exporter = new PrometheusExporter();
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(OperatorMeter.Name)
            .AddView(instrument => meter.Has(instrument) ? new MetricStreamConfiguration { CardinalityLimit = MostSeries } : MetricStreamConfiguration.Drop)
            .AddPrometheusExporter(exporter)
            .Build();
        _scrapes = new PrometheusExporterMiddleware(exporter, time, logger);
    }

    /// <summary>Answers a scrape.</summary>
    public Task ScrapeAsync(HttpContext http) => _scrapes.InvokeAsync(http);

    public void Dispose()
    {
        _scrapes.Dispose();
        _provider.Dispose();
    }

    private static void Add(Meter meter, ClusterCache cache, Controllers controllers, Leadership leadership)
    {
        var version = typeof(OperatorMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        meter.CreateObservableGauge(
            "peili.operator.build.info", () => new Measurement<long>(1, new KeyValuePair<string, object?>("version", version)), description: "The running version; always 1.");
        meter.CreateObservableGauge("peili.operator.leader", () => leadership.IsLeading ? 1 : 0, description: "1 for the replica that leads.");
        meter.CreateObservableGauge("peili.operator.synced", () => cache.HasSynced ? 1 : 0, description: "1 once the cluster's objects are listed.");
        meter.CreateObservableGauge(
            "peili.operator.queue.depth",
            () => controllers.Queues.Select(queue => new Measurement<long>(queue.Queue.Count, new KeyValuePair<string, object?>("controller", queue.Controller))),
            "{item}",
            "Items that wait for a controller.");
        meter.CreateObservableGauge(
            "peili.operator.queue.age",
            () => controllers.Queues.Select(queue => new Measurement<double>(queue.Queue.OldestAge.TotalSeconds, new KeyValuePair<string, object?>("controller", queue.Controller))),
            "s",
            "How long the first of them has waited.");
        meter.CreateObservableGauge("peili.operator.nodes", () => CountNodes(cache), "{node}", "Selected nodes by flavor, by verdict, and by whether they are ready.");
        meter.CreateObservableGauge("peili.operator.mirrors", () => CountMirrors(cache), "{mirror}", "RegistryMirrors by whether they are ready.");
    }

    private static IEnumerable<Measurement<long>> CountNodes(ClusterCache cache) => cache.Statuses.Items.Values
        .Where(node => node.Status is not null)
        .GroupBy(node => (node.Status!.Flavor, node.Status.Verdict, Ready: IsReady(node.Status.Conditions)))
        .Select(nodes => new Measurement<long>(
            nodes.Count(), new("flavor", nodes.Key.Flavor), new("verdict", LabelOf(nodes.Key.Verdict)), new("ready", nodes.Key.Ready)));

    private static IEnumerable<Measurement<long>> CountMirrors(ClusterCache cache) => s_truths.Select(ready => new Measurement<long>(
        cache.Mirrors.Items.Values.Count(mirror => IsReady(mirror.Status?.Conditions ?? []) == ready), new KeyValuePair<string, object?>("ready", ready)));

    private static string IsReady(IReadOnlyList<Kubernetes.Models.Condition> conditions) =>
        conditions.Any(condition => condition is { Type: "Ready", Status: "True" }) ? "true" : "false";

    /// <summary>As the agents' metrics have it.</summary>
    private static string LabelOf(Verdict verdict) => verdict == Verdict.NeedsConfiguration ? "needs_configuration" : verdict.ToString().ToLowerInvariant();
}
