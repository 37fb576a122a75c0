using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Tests.ColdStart;

/// <summary>Durations and rates in options: each test names the rule without which it fails.</summary>
public sealed class QuantitiesTests
{
    /// <summary>Rule: as Go's time.ParseDuration reads them, which operators know from Kubernetes.</summary>
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("2s", 2_000)]
    [InlineData("500ms", 500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("0.25ms", 0.25)]
    [InlineData("1h1m1s1ms", 3_661_001)]
    [InlineData("30s1m", 90_000)]
    [InlineData("999999999h", 3_599_999_996_400_000d)]
    public void A_duration_is_read(string text, double milliseconds)
    {
        if (milliseconds > TimeSpan.MaxValue.TotalMilliseconds)
        {
            Quantities.ParseDuration(text).ShouldBeNull("it is longer than any duration");
        }
        else
        {
            Quantities.ParseDuration(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    /// <summary>Rule: what is no duration is refused. Without it a missing unit is taken for another one.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("2")]
    [InlineData("s")]
    [InlineData("-2s")]
    [InlineData("+2s")]
    [InlineData("2 s")]
    [InlineData(" 2s")]
    [InlineData("2s ")]
    [InlineData("2S")]
    [InlineData("2sec")]
    [InlineData("2d")]
    [InlineData("2us")]
    [InlineData("1.s")]
    [InlineData(".5s")]
    [InlineData("1,5s")]
    [InlineData("1.2.3s")]
    [InlineData("1e3s")]
    [InlineData("00:00:02")]
    [InlineData("1000000000000000s")]
    [InlineData("1s1s1s1s1s1s1s1s1s")]
    [InlineData("٢s")]
    [InlineData("NaNs")]
    [InlineData("2s\n")]
    public void What_is_no_duration_is_refused(string text) => Quantities.ParseDuration(text).ShouldBeNull();

    /// <summary>Rule: as Kubernetes' resource.Quantity reads them. Without it 256Ki is 256,000.</summary>
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1", 1L)]
    [InlineData("100k", 100_000L)]
    [InlineData("100M", 100_000_000L)]
    [InlineData("2G", 2_000_000_000L)]
    [InlineData("256Ki", 262_144L)]
    [InlineData("1Mi", 1_048_576L)]
    [InlineData("3Gi", 3_221_225_472L)]
    [InlineData("999999999Gi", 999_999_999L * 1_073_741_824L)]
    public void A_number_of_bytes_is_read(string text, long bytes) => Quantities.ParseBytes(text).ShouldBe(bytes);

    /// <summary>Rule: what is no number of bytes is refused. Without it a rate is a thousand times another.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1K")]
    [InlineData("1ki")]
    [InlineData("1m")]
    [InlineData("1g")]
    [InlineData("1KB")]
    [InlineData("1MiB")]
    [InlineData("1T")]
    [InlineData("1.5M")]
    [InlineData("1e3")]
    [InlineData("1 M")]
    [InlineData(" 1M")]
    [InlineData("1M ")]
    [InlineData("1M/s")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("1000000000000")]
    [InlineData("1M\n")]
    public void What_is_no_number_of_bytes_is_refused(string text) => Quantities.ParseBytes(text).ShouldBeNull();
}
