using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using Peili.Prometheus.Tests.Support;

namespace Peili.Prometheus.Tests;

/// <summary>What instruments become, to the letter, and as the strict reader has it.</summary>
public sealed class SerializerTests : IDisposable
{
    private readonly Scraped _scraped = new();

    public void Dispose() => _scraped.Dispose();

    [Fact]
    public async Task Every_kind_of_instrument_is_written_to_the_letter_in_text()
    {
        MakeAll();

        (await _scraped.ScrapeAsync()).ShouldBe(
            """
            # TYPE test_sent_bytes_total counter
            # HELP test_sent_bytes_total Bytes sent.
            test_sent_bytes_total{source="peer"} 5
            test_sent_bytes_total{source="local"} 7
            # TYPE test_open gauge
            # HELP test_open Things that are open.
            test_open -1
            # TYPE test_full_ratio gauge
            test_full_ratio 0.25
            # TYPE test_wait_seconds histogram
            # HELP test_wait_seconds How long.
            test_wait_seconds_bucket{le="0.1"} 1
            test_wait_seconds_bucket{le="1"} 2
            test_wait_seconds_bucket{le="+Inf"} 3
            test_wait_seconds_sum 2.5625
            test_wait_seconds_count 3

            """);
    }

    [Fact]
    public async Task Every_kind_of_instrument_is_written_to_the_letter_in_OpenMetrics()
    {
        MakeAll();

        (await _scraped.ScrapeAsync(Scraped.OpenMetrics)).ShouldBe(
            """
            # TYPE test_sent_bytes counter
            # UNIT test_sent_bytes bytes
            # HELP test_sent_bytes Bytes sent.
            test_sent_bytes_total{source="peer"} 5
            test_sent_bytes_total{source="local"} 7
            # TYPE test_open gauge
            # HELP test_open Things that are open.
            test_open -1
            # TYPE test_full_ratio gauge
            # UNIT test_full_ratio ratio
            test_full_ratio 0.25
            # TYPE test_wait_seconds histogram
            # UNIT test_wait_seconds seconds
            # HELP test_wait_seconds How long.
            test_wait_seconds_bucket{le="0.1"} 1
            test_wait_seconds_bucket{le="1.0"} 2
            test_wait_seconds_bucket{le="+Inf"} 3
            test_wait_seconds_sum 2.5625
            test_wait_seconds_count 3
            # EOF

            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Labels_and_help_survive_whatever_stands_in_them(bool openMetrics)
    {
        const string Nasty = "a \\ b \n c \" d é \U0001F642 {}=,";
        _scraped.Meter.CreateCounter<long>("nasty", description: Nasty).Add(1, new KeyValuePair<string, object?>("label", Nasty));

        var family = (await _scraped.ReadAsync(openMetrics))[openMetrics ? "nasty" : "nasty_total"];

        family.Help.ShouldBe(Nasty);
        family.Value("nasty_total", ("label", Nasty)).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Attributes_become_labels_of_any_name_and_type(bool openMetrics)
    {
        _scraped.Meter.CreateHistogram<double>("wait", "s").Record(
            1, new("1st.label", 1.5), new("le", true), new("__reserved", null), new("a.b", "one"), new("a-b", "two"));

        (await _scraped.ReadAsync(openMetrics))["wait_seconds"].Value(
            "wait_seconds_count", ("_1st_label", "1.5"), ("exported_le", "true"), ("_reserved", ""), ("a_b", "two;one")).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Numbers_are_read_back_as_they_were(bool openMetrics)
    {
        var numbers = new[] { 0.1, 1e-300, 1.7976931348623157e308, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.5, 1e16, 123456789012345678 };
        _scraped.Meter.CreateObservableGauge("number", () => numbers.Select((number, at) => new Measurement<double>(number, new KeyValuePair<string, object?>("at", at))));

        var family = (await _scraped.ReadAsync(openMetrics))["number"];

        for (var at = 0; at < numbers.Length; at++)
        {
            family.Value("number", ("at", $"{at}")).ShouldBe(numbers[at]);
        }
    }

    [Fact]
    public async Task A_sum_that_could_fall_is_left_out_where_OpenMetrics_forbids_it()
    {
        _scraped.Meter.CreateHistogram("change", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [-1, 0, 1] }).Record(-0.5);

        (await _scraped.ReadAsync(openMetrics: true))["change"].Samples.ShouldNotContain(sample => sample.Name == "change_sum");
        (await _scraped.ReadAsync(openMetrics: false))["change"].Value("change_sum").ShouldBe(-0.5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exponential_histogram_has_its_count_and_sum(bool openMetrics)
    {
        using var scraped = new Scraped(builder => builder.AddView("*", new Base2ExponentialBucketHistogramConfiguration()));
        scraped.Meter.CreateHistogram<double>("wait", "s").Record(2);

        var family = (await scraped.ReadAsync(openMetrics))["wait_seconds"];

        family.Value("wait_seconds_bucket", ("le", "+Inf")).ShouldBe(1);
        family.Value("wait_seconds_sum").ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_histogram_without_buckets_still_has_the_last_one(bool openMetrics)
    {
        using var scraped = new Scraped(builder => builder.AddView("*", new ExplicitBucketHistogramConfiguration { Boundaries = [] }));
        scraped.Meter.CreateHistogram<double>("wait", "s").Record(2);

        (await scraped.ReadAsync(openMetrics))["wait_seconds"].Value("wait_seconds_bucket", ("le", "+Inf")).ShouldBe(1);
    }

    [Fact]
    public async Task Exemplars_are_written_where_they_are_asked_for()
    {
        using var scraped = new Scraped(builder => builder.SetExemplarFilter(ExemplarFilterType.TraceBased));
        var counter = scraped.Meter.CreateCounter<long>("things");
        var histogram = scraped.Meter.CreateHistogram("wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        activity.Start();
        counter.Add(3);
        histogram.Record(1.5);
        activity.Stop();

        var families = await scraped.ReadAsync(openMetrics: true);

        var trace = new Dictionary<string, string> { ["trace_id"] = activity.TraceId.ToHexString(), ["span_id"] = activity.SpanId.ToHexString() };
        families["things"].Samples.ShouldHaveSingleItem().Exemplar.ShouldNotBeNull().Labels.ShouldBe(trace, ignoreOrder: true);
        var exemplars = families["wait_seconds"].Samples.Where(sample => sample.Exemplar is not null).ShouldHaveSingleItem();
        exemplars.Labels["le"].ShouldBe("2.0");
        exemplars.Exemplar!.Value.ShouldBe(1.5);
        (await scraped.ReadAsync(openMetrics: false)).Values.SelectMany(family => family.Samples).ShouldAllBe(sample => sample.Exemplar == null);
    }

    [Fact]
    public async Task Nothing_measured_is_an_empty_exposition()
    {
        _scraped.Meter.CreateCounter<long>("never");

        (await _scraped.ScrapeAsync()).ShouldBeEmpty();
        (await _scraped.ScrapeAsync(Scraped.OpenMetrics)).ShouldBe("# EOF\n");
    }

    private void MakeAll()
    {
        var sent = _scraped.Meter.CreateCounter<long>("test.sent", "By", "Bytes sent.");
        sent.Add(5, new KeyValuePair<string, object?>("source", "peer"));
        sent.Add(7, new KeyValuePair<string, object?>("source", "local"));
        _scraped.Meter.CreateUpDownCounter<int>("test.open", "{thing}", "Things that are open.").Add(-1);
        _scraped.Meter.CreateObservableGauge("test.full", () => 0.25, "1");
        var wait = _scraped.Meter.CreateHistogram("test.wait", "s", "How long.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        wait.Record(0.0625);
        wait.Record(0.5);
        wait.Record(2);
    }
}
