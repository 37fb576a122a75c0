using Peili.Kubernetes.Queues;
using Peili.NodeAgent.Tests.Support;

namespace Peili.Kubernetes.Tests.Queues;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>(_time);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task An_item_added_twice_is_taken_once()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.Add("a");

        (await TakeAsync()).ShouldBe("a");
        (await TakeAsync()).ShouldBe("b");
        _queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_age_is_that_of_the_item_that_waits_longest()
    {
        _queue.OldestAge.ShouldBe(TimeSpan.Zero);
        _queue.Add("a");
        _time.Advance(TimeSpan.FromSeconds(2));
        _queue.Add("b");
        _queue.Add("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.OldestAge.ShouldBe(TimeSpan.FromSeconds(3));

        await TakeAsync();
        _queue.Add("a");
        _queue.OldestAge.ShouldBe(TimeSpan.FromSeconds(1));
        await TakeAsync();
        _queue.OldestAge.ShouldBe(TimeSpan.Zero, "what is worked on does not wait");

        _time.Advance(TimeSpan.FromSeconds(5));
        _queue.Done("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.OldestAge.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task An_item_added_during_its_work_comes_once_more_and_not_before_the_work_is_done()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("a");
        _queue.Count.ShouldBe(0);

        _queue.Done("a");

        (await TakeAsync()).ShouldBe("a");
        _queue.Done("a");
        _queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_delayed_item_comes_when_it_is_due_at_the_earliest_of_its_times()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));
        _queue.AddAfter("b", TimeSpan.FromSeconds(7));

        _time.Advance(TimeSpan.FromSeconds(4.9));
        _queue.Count.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        (await TakeAsync()).ShouldBe("a");
        _queue.Done("a");
        _time.Advance(TimeSpan.FromSeconds(3));
        (await TakeAsync()).ShouldBe("b");
        _queue.Done("b");
        _time.Advance(TimeSpan.FromSeconds(60));
        _queue.Count.ShouldBe(0);
    }

    [Fact]
    public void Failures_in_a_row_make_an_item_wait_twice_as_long_each_time_and_at_most_30_seconds()
    {
        var limiter = new ExponentialLimiter<string>();
        double[] waits = [.. Enumerable.Range(0, 20).Select(_ => limiter.Next("a").TotalMilliseconds)];

        waits[..4].ShouldBe([5, 10, 20, 40]);
        waits[12..15].ShouldBe([20_480, 30_000, 30_000]);
        limiter.Next("b").TotalMilliseconds.ShouldBe(5);
        limiter.Forget("a");
        limiter.Next("a").TotalMilliseconds.ShouldBe(5);
    }

    [Fact]
    public async Task An_item_that_failed_comes_after_its_wait()
    {
        _queue.AddRateLimited("a");
        _time.Advance(TimeSpan.FromMilliseconds(4));
        _queue.Count.ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        (await TakeAsync()).ShouldBe("a");
        _queue.FailuresOf("a").ShouldBe(1);
    }

    [Fact]
    public async Task Work_that_throws_is_done_again_and_success_ends_the_row_of_failures()
    {
        var attempts = 0;
        var failures = new List<string>();
        _queue.Add("a");
        var run = _queue.RunAsync(
            2,
            (_, _) => ++attempts < 4 ? throw new InvalidOperationException($"attempt {attempts}") : Task.FromResult<TimeSpan?>(null),
            (_, exception) => failures.Add(exception.Message),
            TestContext.Current.CancellationToken);

        await AdvanceUntilAsync(() => attempts == 4 && _queue.FailuresOf("a") == 0);

        failures.ShouldBe(["attempt 1", "attempt 2", "attempt 3"]);
        _queue.ShutDown();
        await run;
    }

    [Fact]
    public async Task Work_that_returns_a_time_is_done_again_after_it()
    {
        var done = 0;
        _queue.Add("a");
        var run = _queue.RunAsync(
            1, (_, _) => Task.FromResult<TimeSpan?>(++done == 1 ? TimeSpan.FromMinutes(1) : null), (_, _) => { }, TestContext.Current.CancellationToken);

        await AdvanceUntilAsync(() => done == 2);

        _queue.ShutDown();
        await run;
        done.ShouldBe(2);
    }

    [Fact]
    public async Task No_two_workers_have_the_same_item_and_none_is_lost()
    {
        var working = new HashSet<string>();
        var seen = new Dictionary<string, int>();
        var versions = Enumerable.Range(0, 20).ToDictionary(index => $"item-{index}", _ => 0);
        var run = _queue.RunAsync(
            4,
            async (item, _) =>
            {
                lock (working)
                {
                    working.Add(item).ShouldBeTrue($"{item} is worked on already");
                    seen[item] = versions[item];
                }

                await Task.Yield();
                lock (working)
                {
                    working.Remove(item);
                }

                return null;
            },
            (_, exception) => Assert.Fail(exception.Message),
            TestContext.Current.CancellationToken);

        for (var round = 1; round <= 500; round++)
        {
            var item = $"item-{round * 7 % 20}";
            lock (working)
            {
                versions[item] = round;
            }

            _queue.Add(item);
        }

        _queue.ShutDown();
        await run;
        seen.ShouldBe(versions, ignoreOrder: true);
    }

    [Fact]
    public async Task After_shut_down_what_waits_is_done_and_nothing_is_added()
    {
        _queue.Add("a");
        _queue.AddAfter("delayed", TimeSpan.FromSeconds(1));
        _queue.ShutDown();
        _queue.Add("b");
        _time.Advance(TimeSpan.FromSeconds(2));
        var done = new List<string>();

        await _queue.RunAsync(
            1,
            (item, _) =>
            {
                done.Add(item);
                return Task.FromResult<TimeSpan?>(null);
            },
            (_, _) => { },
            TestContext.Current.CancellationToken);

        done.ShouldBe(["a"]);
    }

    [Fact]
    public async Task The_token_ends_the_work_that_is_being_done()
    {
        using var stop = new CancellationTokenSource();
        _queue.Add("a");
        var started = new TaskCompletionSource();
        var failures = 0;
        var run = _queue.RunAsync(
            1,
            async (_, token) =>
            {
                started.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return null;
            },
            (_, _) => failures++,
            stop.Token);
        await started.Task;

        await stop.CancelAsync();

        await run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        failures.ShouldBe(0);
    }

    private async Task<string?> TakeAsync() => (await _queue.TakeAsync(TestContext.Current.CancellationToken)).Item;

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (var round = 0; !condition(); round++)
        {
            round.ShouldBeLessThan(60_000, "it never comes about");
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
