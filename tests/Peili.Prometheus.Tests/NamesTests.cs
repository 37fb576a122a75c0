namespace Peili.Prometheus.Tests;

public sealed class NamesTests
{
    [Theory]
    [InlineData("peili.agent.sent", "By", "Counter", "peili_agent_sent_bytes", "bytes")]
    [InlineData("sent_bytes_total", "By", "Counter", "sent_bytes", "bytes")]
    [InlineData("bytes", "By", "Gauge", "bytes_bytes", "bytes")]
    [InlineData("wait_seconds", "s", "Histogram", "wait_seconds", "seconds")]
    [InlineData("rate", "By/s", "Histogram", "rate_bytes_per_second", "bytes_per_second")]
    [InlineData("requests", "{request}", "Counter", "requests", "")]
    [InlineData("requests", "{request}/s", "Gauge", "requests_per_second", "per_second")]
    [InlineData("full", "1", "Gauge", "full_ratio", "ratio")]
    [InlineData("things", "1", "Counter", "things", "")]
    [InlineData("speed", "m/s", "Gauge", "speed_meters_per_second", "meters_per_second")]
    [InlineData("odd", "my unit", "Gauge", "odd_my_unit", "my_unit")]
    [InlineData("plain", null, "Gauge", "plain", "")]
    [InlineData("2nd..thing!", "", "Gauge", "_2nd_thing_", "")]
    [InlineData("a:b", "", "Gauge", "a:b", "")]
    public void An_instrument_has_its_family(string name, string? unit, string type, string family, string suffix)
    {
        var metric = PrometheusMetric.Of(name, unit, Enum.Parse<PrometheusType>(type));

        metric.Family.ShouldBe(family);
        metric.Unit.ShouldBe(suffix);
        metric.Name.ShouldBe(type == "Counter" ? family + "_total" : family);
    }
}
