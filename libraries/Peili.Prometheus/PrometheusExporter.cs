using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Peili.Prometheus;

/// <summary>An exporter that gives metrics when they are scraped, and never by itself.</summary>
[ExportModes(ExportModes.Pull)]
public sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    /// <summary>Reads every instrument now, and has what they say exported, within so many milliseconds. Set by the SDK's reader.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Takes what a scrape collected; null between scrapes, when a flush has nobody to give it to.</summary>
    internal Action<Batch<Metric>>? OnExport { get; set; }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        OnExport?.Invoke(batch);
        return ExportResult.Success;
    }
}
