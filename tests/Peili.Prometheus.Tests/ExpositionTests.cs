using Peili.Prometheus.Tests.Support;

namespace Peili.Prometheus.Tests;

/// <summary>The tests' own reader: it must refuse what the formats forbid, or the other tests would prove nothing.</summary>
public sealed class ExpositionTests
{
    [Theory]
    [InlineData("# TYPE a counter\na 1")]
    [InlineData("# TYPE a counter\na 1\r\n")]
    [InlineData("# TYPE a counter\n\na 1\n")]
    [InlineData("a 1\n")]
    [InlineData("# TYPE a counter\nb 1\n")]
    [InlineData("# TYPE a counter\na 1\n# TYPE a counter\n")]
    [InlineData("# TYPE a counter\n# TYPE a gauge\na 1\n")]
    [InlineData("# TYPE a counter\na 1\n# HELP a late\n")]
    [InlineData("# TYPE a counter\na 1\n# TYPE b gauge\nb 1\n# TYPE a counter\n")]
    [InlineData("# TYPE a counter\na{} 1\na 2\n")]
    [InlineData("# TYPE a counter\na{x=\"1\"} 1\na{x=\"1\"} 1\n")]
    [InlineData("# TYPE a counter\na{x=\"1\",x=\"2\"} 1\n")]
    [InlineData("# TYPE a counter\na{__x=\"1\"} 1\n")]
    [InlineData("# TYPE a counter\na{1x=\"1\"} 1\n")]
    [InlineData("# TYPE a counter\na{x=\"1\",} 1\n")]
    [InlineData("# TYPE a counter\na{x=\"\\t\"} 1\n")]
    [InlineData("# TYPE a counter\na{x=\"1} 1\n")]
    [InlineData("# TYPE a counter\na{x=1} 1\n")]
    [InlineData("# TYPE a counter\na one\n")]
    [InlineData("# TYPE a counter\na 1,5\n")]
    [InlineData("# TYPE a counter\na -1\n")]
    [InlineData("# TYPE a counter\na NaN\n")]
    [InlineData("# TYPE a counter\na  1\n")]
    [InlineData("# TYPE a counter\na 1 2\n")]
    [InlineData("# TYPE a counter\na 1 # {} 1\n")]
    [InlineData("# TYPE a unknown\na 1\n")]
    [InlineData("# HELP a tells\n")]
    [InlineData("# a comment\n# TYPE a counter\na 1\n")]
    [InlineData("# UNIT a_s s\n# TYPE a_s gauge\na_s 1\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 1\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"2\"} 1\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# TYPE a histogram\na_bucket 1\na_sum 1\na_count 1\n")]
    public void What_the_text_format_forbids_is_refused(string text) => Should.Throw<FormatException>(() => Exposition.Parse(text, openMetrics: false));

    [Theory]
    [InlineData("# TYPE a counter\na_total 1\n")]
    [InlineData("# TYPE a counter\na_total 1\n# EOF\n\n")]
    [InlineData("# TYPE a counter\n# EOF\na_total 1\n")]
    [InlineData("# TYPE a counter\na 1\n# EOF\n")]
    [InlineData("# TYPE a_total counter\na_total 1\n# EOF\n")]
    [InlineData("# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n")]
    [InlineData("# TYPE a gauge\n# HELP a a \"quote\"\na 1\n# EOF\n")]
    [InlineData("# TYPE a gauge\na 1 # {} 1\n# EOF\n")]
    [InlineData("# TYPE a counter\na_total 1 # {x=\"1\"}\n# EOF\n")]
    [InlineData("# TYPE a counter\na_total 1 # 1\n# EOF\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n# EOF\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1.0\"} 1 # {} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n# EOF\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1.0\"} 1\na_bucket{le=\"+Inf\"} 1 # {} 1\na_sum 1\na_count 1\n# EOF\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"-1.0\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n# EOF\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1 # {} 1\na_count 1\n# EOF\n")]
    public void What_OpenMetrics_forbids_is_refused(string text) => Should.Throw<FormatException>(() => Exposition.Parse(text, openMetrics: true));

    [Fact]
    public void An_exemplar_with_more_than_128_characters_of_labels_is_refused()
    {
        var name = new string('x', 100);

        Exposition.Parse($"# TYPE a counter\na_total 1 # {{{name}=\"{new string('y', 28)}\"}} 1\n# EOF\n", openMetrics: true).ShouldHaveSingleItem();
        Should.Throw<FormatException>(() => Exposition.Parse($"# TYPE a counter\na_total 1 # {{{name}=\"{new string('y', 29)}\"}} 1\n# EOF\n", openMetrics: true));
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused() =>
        Should.Throw<ArgumentException>(() => Exposition.Parse([.. "# TYPE a gauge\na{x=\""u8, 0xff, .. "\"} 1\n"u8], openMetrics: false));

    [Fact]
    public void What_both_formats_allow_is_read()
    {
        var text = Exposition.Parse(
            "# HELP a_total says \\\\ and \\n\n# TYPE a_total counter\na_total{x=\"\\\"\\\\\\n\",y=\"\"} 1.5e+3\n# TYPE b gauge\nb -Inf\nb{c=\"d\"} NaN\n", openMetrics: false);
        text["a_total"].Help.ShouldBe("says \\ and \n");
        text["a_total"].Value("a_total", ("x", "\"\\\n"), ("y", "")).ShouldBe(1500);
        text["b"].Value("b").ShouldBe(double.NegativeInfinity);
        text["b"].Value("b", ("c", "d")).ShouldBe(double.NaN);

        var openMetrics = Exposition.Parse(
            "# TYPE a_seconds histogram\n# UNIT a_seconds seconds\na_seconds_bucket{le=\"0.5\"} 1 # {trace_id=\"1\"} 0.25 1700000000.5\n"
            + "a_seconds_bucket{le=\"+Inf\"} 2\na_seconds_sum 3\na_seconds_count 2\n# EOF\n",
            openMetrics: true);
        openMetrics["a_seconds"].Unit.ShouldBe("seconds");
        openMetrics["a_seconds"].Samples[0].Exemplar!.Timestamp.ShouldBe(1700000000.5);
    }
}
