namespace Peili.Prometheus.Tests.Manifests;

/// <summary>The check of queries must refuse what is wrong, or it would prove nothing.</summary>
public sealed class PromQueryTests
{
    [Theory]
    [InlineData("sum(rate(peili_agent_pulled_bytes_totals[5m]))", "peili_agent_pulled_bytes_totals")]
    [InlineData("peili_agent_pulled_bytes", "peili_agent_pulled_bytes")]
    [InlineData("peili_agent_first_byte_seconds", "peili_agent_first_byte_seconds")]
    [InlineData("peili_agent_ready{source=\"peer\"}", "no label source")]
    [InlineData("peili_agent_pulled_bytes_total{source=\"peers\"}", "never peers")]
    [InlineData("peili_agent_pulled_bytes_total{source=~\"peer|relays\"}", "never relays")]
    [InlineData("sum by (outcome) (rate(peili_agent_pulled_bytes_total[5m]))", "label outcome")]
    [InlineData("sum by (le) (rate(peili_agent_pulled_bytes_total[5m]))", "label le")]
    [InlineData("summe(peili_agent_ready)", "summe")]
    [InlineData("sum(peili_agent_ready", "parentheses")]
    [InlineData("vector(1)", "no metric")]
    [InlineData("peili_agent_ready{", "matchers")]
    [InlineData("peili_agent_ready # 1", "cannot be read")]
    public void What_is_not_there_is_named(string query, string named) => Should.Throw<FormatException>(() => PromQuery.Check(query)).Message.ShouldContain(named);

    [Theory]
    [InlineData("1 - sum(increase(peili_agent_pulled_bytes_total{source=\"none\",registry=~\"$registry\"}[$__range])) / sum(increase(peili_agent_pulled_bytes_total[1h])) > 0.5")]
    [InlineData("histogram_quantile(0.99, sum by (le, source) (rate(peili_agent_first_byte_seconds_bucket[$__rate_interval])))")]
    [InlineData("up{job=\"peili-agent-metrics\"} == 0 or absent(peili_operator_leader)")]
    public void What_is_there_is_taken(string query) => PromQuery.Check(query).ShouldNotBeEmpty();
}
