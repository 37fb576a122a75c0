using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Peili.Containerd;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Control;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Security;
using Peili.NodeAgent.Transfers;
using Peili.Overlay.ColdStart;
using Peili.Prometheus;

namespace Peili.NodeAgent.Metrics;

/// <summary>
/// All metrics of the agent; docs/metrics.md says what each is for. Counters stand where the work is done and are read when somebody asks. Label
/// sets are bounded: never an address, a node's name or a digest.
/// </summary>
internal sealed class AgentMetrics : IDisposable
{
    /// <summary>Per instrument; those above are added up in one. The bytes by registry and source are the most, 84.</summary>
    private const int MostSeries = 250;

    private readonly MeterProvider _provider;
    private readonly PrometheusExporterMiddleware _scrapes;

    public AgentMetrics(
        AgentOptions options,
        AgentMeters meters,
        TransferStatistics transfers,
        RequestCounters requests,
        RelayCounters relay,
        Leases leases,
        Admission admission,
        Readiness readiness,
        ImageStoreWatcher watcher,
        NodeChecker checker,
        ClusterOverlay overlay,
        TimeProvider time,
        ILogger<PrometheusExporterMiddleware> logger,
        Refusals? refusals = null,
        CredentialsSource? credentials = null,
        HostsKeeper? hosts = null)
    {
        TransferMetrics.Add(meters.Agent, transfers, requests);
        RelayMetrics.Add(meters.Agent, relay, leases, admission);
        NodeMetrics.Add(meters.Agent, readiness, watcher, checker, refusals, credentials, hosts);
        OverlayMetrics.Add(meters.Overlay, overlay);
        var exporter = new PrometheusExporter();
        _provider = CreateProvider(options, meters, exporter);
        _scrapes = new PrometheusExporterMiddleware(exporter, time, logger);
    }

    /// <summary>Answers a scrape.</summary>
    public Task ScrapeAsync(HttpContext http) => _scrapes.InvokeAsync(http);

    public void Dispose()
    {
        _scrapes.Dispose();
        _provider.Dispose();
    }

    private static MeterProvider CreateProvider(AgentOptions options, AgentMeters meters, PrometheusExporter exporter)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("peili-agent", serviceVersion: AgentVersion.Current, autoGenerateServiceInstanceId: false, serviceInstanceId: options.NodeName))
            .AddMeter(AgentMeters.AgentName, AgentMeters.OverlayName)
            .AddView(instrument => meters.Has(instrument) ? new MetricStreamConfiguration { CardinalityLimit = MostSeries } : MetricStreamConfiguration.Drop)
            .AddPrometheusExporter(exporter);
        if (options.OtlpEndpoint is { } endpoint)
        {
            builder.AddOtlpExporter(otlp =>
            {
                otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
                otlp.Endpoint = endpoint;
            });
        }

        return builder.Build();
    }
}
