using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Tests.Transfers;

/// <summary>Fault injection: holders on bare sockets that are silent, refuse, or do not have it after all.</summary>
public sealed class PeerOpenerTests : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);

    private readonly TestBlob _blob = TestBlob.Random(1000);
    private readonly ManualTimeProvider _time = new();
    private readonly PeerClient _client = new();
    private readonly FixedLocator _locator = new();
    private readonly AgentMeters _meters = new();
    private readonly TransferStatistics _statistics;
    private readonly PeerOpener _opener;

    public PeerOpenerTests()
    {
        _statistics = new TransferStatistics(_time, _meters);
        _opener = new PeerOpener(_client, new PeerHealth(_locator, _time, NullLogger<PeerHealth>.Instance), _statistics, _time);
    }

    public void Dispose()
    {
        _client.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task A_silent_holder_costs_a_hedge_and_is_avoided_once_it_stays_silent()
    {
        await using var silent = FakePeer.Silent();
        await using var second = FakePeer.Holding(_blob);

        var opening = OpenAsync(silent.Peer, second.Peer);
        await Eventually.IsTrueAsync(() => silent.Requests.Count == 1, "the first one is asked");
        second.Requests.ShouldBeEmpty();
        _time.Advance(TransferLimits.HedgeDelay);

        (await opening).ShouldBe(second.Peer);
        _statistics.Hedges.ShouldBe(1);
        _locator.IsAvoided(silent.Peer).ShouldBeFalse();
        _time.Advance(TransferLimits.OpenTimeout);
        await Eventually.IsTrueAsync(() => _locator.IsAvoided(silent.Peer), "the silent one is avoided");
        _locator.IsAvoided(second.Peer).ShouldBeFalse();
    }

    [Fact]
    public async Task A_holder_that_is_only_slower_than_the_hedge_is_not_avoided()
    {
        var answer = new TaskCompletionSource();
        var dropped = new TaskCompletionSource();
        await using var slow = FakePeer.Holding(_blob, async exchange =>
        {
            await answer.Task;
            await exchange.SendHeadAsync(200, ("Content-Length", "1000000000"));
            try
            {
                while (true)
                {
                    await exchange.SendAsync(_blob.Bytes);
                }
            }
            catch (SocketException)
            {
                dropped.SetResult();
                throw;
            }
        });
        await using var second = FakePeer.Holding(_blob);
        var opening = OpenAsync(slow.Peer, second.Peer);
        await Eventually.IsTrueAsync(() => slow.Requests.Count == 1, "the first one is asked");
        _time.Advance(TransferLimits.HedgeDelay);
        (await opening).ShouldBe(second.Peer);

        answer.SetResult();
        await dropped.Task.WaitAsync(s_bound, TestContext.Current.CancellationToken);

        _time.Advance(TransferLimits.OpenTimeout * 2);
        _locator.IsAvoided(slow.Peer).ShouldBeFalse();
    }

    [Fact]
    public async Task A_holder_that_refuses_or_fails_is_avoided_and_the_next_one_asked_at_once()
    {
        var refusing = FixedLocator.PeerAt(await FakePeer.RefusingAsync());
        await using var failing = FakePeer.Holding(_blob, exchange => exchange.SendEmptyAsync(500));
        await using var resetting = FakePeer.Holding(_blob, exchange =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });
        await using var good = FakePeer.Holding(_blob);

        (await OpenAsync(refusing, failing.Peer, resetting.Peer, good.Peer)).ShouldBe(good.Peer);

        _locator.IsAvoided(refusing).ShouldBeTrue();
        _locator.IsAvoided(failing.Peer).ShouldBeTrue();
        _locator.IsAvoided(resetting.Peer).ShouldBeTrue();
    }

    [Fact]
    public async Task A_holder_that_lost_it_meanwhile_is_passed_over_and_not_avoided()
    {
        await using var former = FakePeer.Holding(_blob, exchange => exchange.SendEmptyAsync(404));
        await using var good = FakePeer.Holding(_blob);

        (await OpenAsync(former.Peer, good.Peer)).ShouldBe(good.Peer);

        _locator.IsAvoided(former.Peer).ShouldBeFalse();
    }

    [Fact]
    public async Task A_holder_that_answers_a_tag_without_its_digest_is_passed_over()
    {
        await using var nameless = FakePeer.Holding(_blob, exchange => exchange.SendEmptyAsync(200));
        await using var good = FakePeer.Holding(_blob);
        RegistryPath.TryParse("/v2/team/app/manifests/1", out var path, out _).ShouldBeTrue();

        var opening = await _opener.OpenAsync(
            HttpMethod.Get, new ContentRequest(path, "registry.test"), null, [nameless.Peer, good.Peer], TestContext.Current.CancellationToken);

        using var body = opening.Body.ShouldNotBeNull();
        body.Answer.Peer.ShouldBe(good.Peer);
        body.Answer.Digest.ShouldBe(_blob.Digest);
    }

    [Fact]
    public async Task When_every_holder_is_silent_the_wait_ends_and_all_are_avoided()
    {
        await using var first = FakePeer.Silent();
        await using var second = FakePeer.Silent();

        var opening = OpenAsync(first.Peer, second.Peer);
        await Eventually.IsTrueAsync(() => first.Requests.Count == 1, "the first one is asked");
        _time.Advance(TransferLimits.HedgeDelay);
        await Eventually.IsTrueAsync(() => second.Requests.Count == 1, "the second one is asked");
        opening.IsCompleted.ShouldBeFalse();
        _time.Advance(TransferLimits.OpenTimeout);

        (await opening.WaitAsync(s_bound, TestContext.Current.CancellationToken)).ShouldBeNull();

        _locator.IsAvoided(first.Peer).ShouldBeTrue();
        _locator.IsAvoided(second.Peer).ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_wait_and_no_holder_is_blamed()
    {
        await using var silent = FakePeer.Silent();
        using var left = new CancellationTokenSource();
        var opening = _opener.OpenAsync(HttpMethod.Get, Request(), null, [silent.Peer], left.Token);
        await Eventually.IsTrueAsync(() => silent.Requests.Count > 0, "it is asked");
        await left.CancelAsync();

        (await opening.AsTask().WaitAsync(s_bound, TestContext.Current.CancellationToken)).Body.ShouldBeNull();
        _time.Advance(TransferLimits.OpenTimeout * 2);
        _locator.IsAvoided(silent.Peer).ShouldBeFalse();
    }

    private ContentRequest Request()
    {
        RegistryPath.TryParse(_blob.Path.Split('?')[0], out var path, out _).ShouldBeTrue();
        return new ContentRequest(path, "registry.test");
    }

    private async Task<Peer?> OpenAsync(params Peer[] holders)
    {
        var opening = await _opener.OpenAsync(HttpMethod.Get, Request(), null, holders, TestContext.Current.CancellationToken);
        using var body = opening.Body;
        return body?.Answer.Peer;
    }
}
