using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Peili.Prometheus;

/// <summary>Has one scrape collect at a time: the instruments are read once for each, and their readers need not be thread-safe.</summary>
internal sealed partial class PrometheusCollectionManager(PrometheusExporter exporter, ILogger logger) : IDisposable
{
    /// <summary>Scrapes that wait and collect at once. A server, its twin and a person make three.</summary>
    internal const int MostScrapes = 16;

    private const int CollectTimeoutMilliseconds = 10_000;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConditionalWeakTable<Metric, PrometheusMetric> _named = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);
    private int _scrapes;

    /// <summary>Collects and serialises. The buffer is the caller's; null when too many scrapes wait, or the instruments could not be read in time.</summary>
    /// <exception cref="OperationCanceledException">The scraper went away while it waited.</exception>
    public async Task<PrometheusBuffer?> CollectAsync(PrometheusProtocol protocol, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _scrapes) > MostScrapes)
            {
                return null;
            }

            await _turn.WaitAsync(cancellationToken);
            try
            {
                return Collect(protocol);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _scrapes);
        }
    }

    public void Dispose() => _turn.Dispose();

    private PrometheusBuffer? Collect(PrometheusProtocol protocol)
    {
        var buffer = new PrometheusBuffer();
        var isComplete = false;
        exporter.OnExport = batch =>
        {
            Write(buffer, protocol, batch);
            isComplete = true;
        };
        try
        {
            // What an exporter throws ends up in the SDK's log; here it shows in that nothing is complete.
            if (exporter.Collect?.Invoke(CollectTimeoutMilliseconds) == true && isComplete)
            {
                return buffer;
            }
        }
        finally
        {
            exporter.OnExport = null;
        }

        buffer.Dispose();
        return null;
    }

    private void Write(PrometheusBuffer buffer, PrometheusProtocol protocol, Batch<Metric> batch)
    {
        _written.Clear();
        foreach (var metric in batch)
        {
            var named = _named.GetValue(metric, PrometheusMetric.Of);
            if (_written.Add(named.Family))
            {
                PrometheusSerializer.Write(buffer, protocol, named, metric);
            }
            else if (_leftOut.Add($"{metric.MeterName} {metric.Name}"))
            {
                LogNameTaken(metric.Name, metric.MeterName, named.Name);
            }
        }

        PrometheusSerializer.WriteEnd(buffer, protocol);
    }

    [LoggerMessage(EventId = 150, Level = LogLevel.Warning, Message = "{Instrument} of meter {Meter} is left out of scrapes: another metric is called {Name} there already")]
    private partial void LogNameTaken(string instrument, string meter, string name);
}
