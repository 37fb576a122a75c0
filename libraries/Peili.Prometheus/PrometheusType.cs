namespace Peili.Prometheus;

/// <summary>The types of metric families that both formats have.</summary>
internal enum PrometheusType
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A value of this moment, or a sum that also falls.</summary>
    Gauge,

    /// <summary>Counts of observations up to bounds, their sum and their count.</summary>
    Histogram,
}
