using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;

namespace Peili.Operator.Metrics;

/// <summary>What is measured while it happens. The meter's scope tells it from that of another operator in the same process.</summary>
internal sealed class OperatorMeter : IDisposable
{
    public const string Name = "Peili.Operator";

    private readonly Histogram<double> _reconciles;
    private readonly Counter<long> _requests;

    public OperatorMeter()
    {
        Meter = new Meter(new MeterOptions(Name) { Scope = this });
        _reconciles = Meter.CreateHistogram(
            "peili.operator.reconcile",
            "s",
            "How long a look of a controller at one of its items took, and whether it went well.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60] });
        _requests = Meter.CreateCounter<long>("peili.operator.api.requests", "{request}", "Requests to the API server by method and status code; none: no answer.");
    }

    public Meter Meter { get; }

    /// <summary>Whether an instrument is of this operator.</summary>
    public bool Has(Instrument instrument) => ReferenceEquals(instrument.Meter.Scope, this);

    public void RecordReconcile(string controller, TimeSpan duration, bool isDone) =>
        _reconciles.Record(duration.TotalSeconds, new("controller", controller), new("result", isDone ? "ok" : "error"));

    public void CountRequest(HttpMethod method, HttpStatusCode? code) =>
        _requests.Add(1, new("method", method.Method), new("code", ((int?)code)?.ToString(CultureInfo.InvariantCulture) ?? "none"));

    public void Dispose() => Meter.Dispose();
}
