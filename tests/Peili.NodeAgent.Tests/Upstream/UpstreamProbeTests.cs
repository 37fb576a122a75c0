using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Upstream;

namespace Peili.NodeAgent.Tests.Upstream;

/// <summary>With a registry on a bare socket that answers, or not, what a test says.</summary>
public sealed class UpstreamProbeTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly UpstreamClient _client = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly FakePeer _upstream;
    private readonly UpstreamProbe _probe;
    private readonly Task _running;
    private int _status = 200;
    private bool _refuses;

    public UpstreamProbeTests()
    {
        _upstream = new FakePeer(exchange =>
        {
            if (!Volatile.Read(ref _refuses))
            {
                return exchange.SendEmptyAsync(Volatile.Read(ref _status));
            }

            exchange.Reset();
            return Task.CompletedTask;
        });
        _probe = new UpstreamProbe(_client, _time, NullLogger<UpstreamProbe>.Instance);
        _running = _probe.RunAsync(_stop.Token);
    }

    private string Registry => $"{_upstream.Address}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _upstream.DisposeAsync();
        _stop.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Nobody_is_probed_before_somebody_asks()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        _upstream.Probes.ShouldBe(0);

        _probe.IsUp(Registry).ShouldBeFalse();
        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "it is up");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Any_HTTP_answer_counts(int status)
    {
        Volatile.Write(ref _status, status);

        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "it is up");
    }

    [Fact]
    public async Task An_answer_counts_for_thirty_seconds_and_no_longer()
    {
        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "it is up");

        // The probes stand still, as they would on a node that is stopped and goes on.
        await _stop.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(29));
        _probe.IsUp(Registry).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(2));
        _probe.IsUp(Registry).ShouldBeFalse();
    }

    [Fact]
    public async Task An_upstream_that_fails_is_down_and_one_that_answers_again_is_up()
    {
        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "it is up");

        Volatile.Write(ref _refuses, true);
        await AdvanceUntilAsync(() => !_probe.IsUp(Registry), "it is down");
        Volatile.Write(ref _refuses, false);
        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "it is up again");
    }

    [Fact]
    public async Task An_upstream_that_answers_is_asked_every_ten_seconds()
    {
        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "it is up");
        for (var round = 0; round < 2; round++)
        {
            var (asked, at) = (_upstream.Probes, _time.GetUtcNow());
            _time.Advance(TimeSpan.FromSeconds(8));
            await AdvanceUntilAsync(() => _upstream.Probes > asked, "it is asked again");
            (_time.GetUtcNow() - at).ShouldBeGreaterThan(TimeSpan.FromSeconds(9));
        }
    }

    [Fact]
    public async Task A_registry_nobody_asked_for_in_an_hour_is_left_alone()
    {
        await using var witness = new FakePeer(exchange => exchange.SendEmptyAsync(200));
        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "it is up");
        _time.Advance(TimeSpan.FromMinutes(61));
        await AdvanceUntilAsync(() => _probe.IsUp($"{witness.Address}"), "another one is up");

        var (asked, witnessed) = (_upstream.Probes, witness.Probes);
        for (var round = 1; round <= 2; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            await AdvanceUntilAsync(() => witness.Probes >= witnessed + round, "the other one is asked again");
        }

        _upstream.Probes.ShouldBe(asked);
    }

    [Fact]
    public async Task A_registry_that_makes_no_URL_ends_nothing()
    {
        _probe.IsUp("[fe80::1%25eth0]:5000");
        _probe.IsUp("a..b");

        await AdvanceUntilAsync(() => _probe.IsUp(Registry), "another one is up");
        _running.IsCompleted.ShouldBeFalse();
    }

    private Task AdvanceUntilAsync(Func<bool> condition, string what) => Eventually.IsTrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            return condition();
        },
        what);
}
