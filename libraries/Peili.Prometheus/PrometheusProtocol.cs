namespace Peili.Prometheus;

/// <summary>A format that metrics are scraped in.</summary>
internal enum PrometheusProtocol
{
    /// <summary>Prometheus text, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics text, version 1.0.0.</summary>
    OpenMetrics,
}
