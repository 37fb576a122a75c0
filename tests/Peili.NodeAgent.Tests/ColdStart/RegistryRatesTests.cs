using Peili.NodeAgent.ColdStart;

namespace Peili.NodeAgent.Tests.ColdStart;

/// <summary>Whether a source is slow (overlay.md, "A slow origin"): each test names the rule without which it fails.</summary>
public sealed class RegistryRatesTests
{
    private const string Registry = "docker.io";
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(500);

    private readonly RegistryRates _rates = new();

    /// <summary>Rule: nothing known, nothing slow. Without it every first pull asks for an escape.</summary>
    [Fact]
    public void Nothing_is_slow_while_nothing_came_from_upstream()
    {
        _rates.IsSlow(Registry).ShouldBeFalse();
        Relay(1, seconds: 30);
        _rates.IsSlow(Registry).ShouldBeFalse();
        Relay(0, seconds: 30);
        _rates.IsSlow(Registry).ShouldBeFalse();
    }

    /// <summary>Rule: below half of upstream's average. Without it a slow origin drags everybody.</summary>
    [Theory]
    [InlineData(1_000_000, false)]
    [InlineData(550_000, false)]
    [InlineData(450_000, true)]
    [InlineData(1_000, true)]
    public void What_comes_at_less_than_half_of_upstreams_rate_is_slow(long rate, bool isSlow)
    {
        Fetch(1_000_000, seconds: 60);
        Relay(rate, seconds: 30);
        _rates.IsSlow(Registry).ShouldBe(isSlow);
        _rates.IsFlowing(Registry, 0).ShouldBe(!isSlow);
    }

    /// <summary>Rule: not at the first slow moment. Without it a pause of a second makes another origin.</summary>
    [Fact]
    public void A_second_without_bytes_is_not_slow_and_ten_are()
    {
        Fetch(1_000_000, seconds: 60);
        Relay(0, seconds: 1);
        _rates.IsSlow(Registry).ShouldBeFalse();
        Relay(0, seconds: 9);
        _rates.IsSlow(Registry).ShouldBeTrue();
        Relay(1_000_000, seconds: 10);
        _rates.IsSlow(Registry).ShouldBeFalse();
    }

    /// <summary>Rule: the pause before does not count. Without it a node asks for an escape three seconds after the first byte of every pull.</summary>
    [Fact]
    public void What_comes_at_full_rate_after_a_pause_is_not_slow()
    {
        Fetch(1_000_000, seconds: 60);
        Relay(0, seconds: 60);
        Relay(900_000, seconds: 1);
        _rates.IsSlow(Registry).ShouldBeFalse();
        _rates.IsFlowing(Registry, 800_000).ShouldBeTrue();
    }

    /// <summary>Rule: what is relayed says nothing of upstream. Without it a slow origin makes itself the measure.</summary>
    [Fact]
    public void Hours_of_relaying_do_not_touch_upstreams_average()
    {
        Fetch(1_000_000, seconds: 60);
        Relay(10, seconds: 3_600);
        _rates.IsSlow(Registry).ShouldBeTrue();
        Relay(100_000_000, seconds: 3_600);
        Relay(600_000, seconds: 60);
        _rates.IsSlow(Registry).ShouldBeFalse();
        Relay(400_000, seconds: 60);
        _rates.IsSlow(Registry).ShouldBeTrue();
    }

    /// <summary>Rule: while blobs are relayed what comes from upstream shares the link. Without it the average sinks with each cold start.</summary>
    [Fact]
    public void What_comes_from_upstream_beside_relayed_bytes_does_not_count()
    {
        Fetch(1_000_000, seconds: 60);
        for (var step = 0; step < 240; step++)
        {
            _rates.AddDirect(Registry, 1);
            _rates.AddRelayed(Registry, 200_000);
            _rates.Settle(s_step);
        }

        _rates.IsSlow(Registry).ShouldBeTrue("they come at 400,000 a second");
    }

    /// <summary>Rule: an average. Without it a registry that has become slow is taken for fast for ever.</summary>
    [Fact]
    public void Upstreams_average_follows_within_minutes()
    {
        Fetch(1_000_000, seconds: 60);
        Fetch(100_000, seconds: 180);
        _rates.IsSlow(Registry).ShouldBeFalse();
        Relay(100_000, seconds: 30);
        _rates.IsSlow(Registry).ShouldBeFalse();
    }

    /// <summary>Rule: each registry by itself, whatever its case. Without it a fast one makes all others slow.</summary>
    [Fact]
    public void Each_registry_has_its_own_rate()
    {
        Fetch(1_000_000, seconds: 60);
        Relay(10, seconds: 30);
        _rates.IsSlow("DOCKER.IO").ShouldBeTrue();
        _rates.IsSlow("quay.io").ShouldBeFalse();
    }

    /// <summary>Rule: flowing is more than a rate. Without it those who wait for a trickle stay.</summary>
    [Fact]
    public void Bytes_flow_when_they_come_at_the_rate_that_is_asked_for()
    {
        _rates.IsFlowing(Registry, 0).ShouldBeFalse();
        Relay(500_000, seconds: 60);
        _rates.IsFlowing(Registry, 0).ShouldBeTrue();
        _rates.IsFlowing(Registry, 400_000).ShouldBeTrue();
        _rates.IsFlowing(Registry, 600_000).ShouldBeFalse();
        _rates.IsFlowing("quay.io", 0).ShouldBeFalse();
    }

    /// <summary>Rule: no time is no rate without bounds. Without it two calls at once make upstream fast for ever.</summary>
    [Fact]
    public void Settling_twice_at_once_makes_no_rate_out_of_nothing()
    {
        _rates.AddDirect(Registry, 1);
        _rates.Settle(TimeSpan.Zero);
        Fetch(1_000_000, seconds: 60);
        Relay(900_000, seconds: 30);
        _rates.IsSlow(Registry).ShouldBeFalse();
    }

    /// <summary>Rule: 256 registries. Without it who asks for many names fills the memory.</summary>
    [Fact]
    public void Of_more_than_256_registries_nothing_is_known()
    {
        for (var registry = 0; registry < 300; registry++)
        {
            _rates.AddRelayed($"registry-{registry}", 1_000_000);
        }

        _rates.Settle(s_step);
        Enumerable.Range(0, 300).Count(registry => _rates.IsFlowing($"registry-{registry}", 0)).ShouldBe(256);
        _rates.IsFlowing("registry-255", 0).ShouldBeTrue();
        _rates.IsFlowing("registry-256", 0).ShouldBeFalse();
    }

    private void Fetch(long bytesPerSecond, int seconds) => Come(_rates.AddDirect, bytesPerSecond, seconds);

    private void Relay(long bytesPerSecond, int seconds) => Come(_rates.AddRelayed, bytesPerSecond, seconds);

    private void Come(Action<string, long> add, long bytesPerSecond, int seconds)
    {
        for (var step = 0; step < seconds * 2; step++)
        {
            add(Registry, bytesPerSecond / 2);
            _rates.Settle(s_step);
        }
    }
}
