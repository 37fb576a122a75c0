namespace Peili.Prometheus.Tests;

public sealed class NegotiationTests
{
    /// <summary>What Prometheus 2.50 and 3.5 send, curl, browsers, and people.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.65,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", true)]
    [InlineData("text/plain;version=0.0.4;q=0.7,application/openmetrics-text;version=1.0.0;q=0.6", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text;version=\"1.0.0\"", true)]
    [InlineData("application/openmetrics-text;version=0.0.1", false)]
    [InlineData("application/openmetrics-text;q=0, */*", false)]
    [InlineData("application/openmetrics-text, text/plain", true)]
    [InlineData("application/*", true)]
    [InlineData("text/plain;q=0, application/*", true)]
    [InlineData("application/json", false)]
    [InlineData("nonsense", false)]
    public void The_format_is_the_one_that_is_liked_best(string? accept, bool openMetrics) =>
        PrometheusHeaders.Negotiate(accept).ShouldBe(openMetrics ? PrometheusProtocol.OpenMetrics : PrometheusProtocol.Text);
}
