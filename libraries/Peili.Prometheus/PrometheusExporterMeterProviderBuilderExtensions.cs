using OpenTelemetry.Metrics;

namespace Peili.Prometheus;

/// <summary>Has a provider's metrics scraped.</summary>
public static class PrometheusExporterMeterProviderBuilderExtensions
{
    /// <summary>Adds an exporter; a <see cref="PrometheusExporterMiddleware"/> answers with what it collects.</summary>
    /// <param name="builder">The provider's.</param>
    /// <param name="exporter">Of this provider alone.</param>
    /// <returns>The same, for chaining.</returns>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder, PrometheusExporter exporter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddReader(new BaseExportingMetricReader(exporter));
    }
}
