using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Tests.Transfers;

public sealed class StallWatchTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    private readonly ManualTimeProvider _time = new();
    private readonly StallWatch _watch;

    public StallWatchTests() => _watch = new StallWatch(_time);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void A_wait_longer_than_its_limit_is_cancelled()
    {
        var token = _watch.Begin(s_limit);

        _time.Advance(s_limit);
        token.IsCancellationRequested.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void A_wait_that_is_over_is_not_cancelled()
    {
        var token = _watch.Begin(s_limit);
        _watch.End();

        _time.Advance(TimeSpan.FromHours(1));

        token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public void Each_wait_has_the_whole_limit()
    {
        for (var wait = 0; wait < 10; wait++)
        {
            var token = _watch.Begin(s_limit);
            _time.Advance(s_limit * 0.9);
            _watch.End();
            token.IsCancellationRequested.ShouldBeFalse();
        }
    }

    [Fact]
    public void After_a_wait_that_was_cancelled_the_next_one_starts_afresh()
    {
        var first = _watch.Begin(s_limit);
        _time.Advance(s_limit * 2);
        _watch.End();

        var second = _watch.Begin(s_limit);

        first.IsCancellationRequested.ShouldBeTrue();
        second.IsCancellationRequested.ShouldBeFalse();
        _time.Advance(s_limit * 2);
        second.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void A_wait_for_somebody_who_is_gone_is_cancelled_once_that_is_known()
    {
        var token = _watch.Begin(s_limit, static () => new(false));

        _time.Advance(TransferLimits.PeerDoubt);
        token.IsCancellationRequested.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        token.IsCancellationRequested.ShouldBeTrue();
        _watch.WasForNobody.ShouldBeTrue();
    }

    [Fact]
    public void A_wait_for_somebody_who_is_there_has_the_whole_limit_and_asks_once()
    {
        var asked = 0;
        var token = _watch.Begin(s_limit, () => new(++asked > 0));

        _time.Advance(s_limit);
        token.IsCancellationRequested.ShouldBeFalse();
        asked.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        token.IsCancellationRequested.ShouldBeTrue();
        _watch.WasForNobody.ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_that_comes_late_ends_no_later_wait()
    {
        var answer = new TaskCompletionSource<bool>();
        _watch.Begin(s_limit, () => new(answer.Task));
        _time.Advance(TransferLimits.PeerDoubt * 1.5);
        _watch.End();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var next = _watch.Begin(s_limit);

        answer.SetResult(false);
        await Task.Yield();

        next.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public void A_watch_that_is_gone_cancels_nothing()
    {
        var token = _watch.Begin(s_limit);
        _watch.Dispose();

        _time.Advance(s_limit * 2);

        token.IsCancellationRequested.ShouldBeFalse();
    }
}
