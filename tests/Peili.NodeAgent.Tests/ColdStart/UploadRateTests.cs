using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.ColdStart;

/// <summary>What this node sends to others in a second: each test names the rule without which it fails.</summary>
public sealed class UploadRateTests
{
    private const long Rate = 1_000_000;
    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _time = new();

    /// <summary>Rule: without the option nothing waits.</summary>
    [Fact]
    public void Without_a_rate_nobody_waits()
    {
        var rate = new UploadRate(null, _time);
        for (var write = 0; write < 1000; write++)
        {
            Wait(rate, int.MaxValue).IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    /// <summary>Rule: the rate is kept. Without it the option says nothing.</summary>
    [Fact]
    public void A_writer_waits_as_long_as_its_bytes_take_at_the_rate()
    {
        var rate = new UploadRate(Rate, _time);
        var wait = Wait(rate, 500_000);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        wait.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        wait.IsCompletedSuccessfully.ShouldBeTrue();
    }

    /// <summary>Rule: all transfers together. Without it sixteen children get sixteen times the rate.</summary>
    [Fact]
    public void Many_writers_share_one_rate()
    {
        var rate = new UploadRate(Rate, _time);
        var waits = Enumerable.Range(0, 16).Select(_ => Wait(rate, 100_000)).ToArray();
        for (var tenth = 1; tenth <= 16; tenth++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            waits.Count(wait => wait.IsCompletedSuccessfully).ShouldBe(tenth);
        }
    }

    /// <summary>Rule: after a pause a tenth of a second's bytes at once, and no more. Without it a pause is made up for in one go.</summary>
    [Fact]
    public void After_a_pause_a_tenth_of_a_second_goes_out_at_once_and_no_more()
    {
        var rate = new UploadRate(Rate, _time);
        _time.Advance(TimeSpan.FromHours(1));
        Wait(rate, (int)(Rate * s_burst.TotalSeconds)).IsCompletedSuccessfully.ShouldBeTrue();
        var next = Wait(rate, 1000);
        next.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        next.IsCompletedSuccessfully.ShouldBeTrue();
    }

    /// <summary>Rule: over any time at most the rate and the burst. Without it unevenly sized writes get around it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Over_random_writes_the_bytes_stay_below_the_rate_and_near_it(int seed)
    {
        var (random, rate) = (new Random(seed), new UploadRate(Rate, _time));
        var pending = new List<(Task Wait, int Bytes)>();
        var (sent, elapsed) = (0L, TimeSpan.Zero);
        for (var step = 0; step < 2_000; step++)
        {
            while (pending.Count < 4)
            {
                var bytes = random.Next(1, 65_536);
                pending.Add((Wait(rate, bytes), bytes));
            }

            var pass = TimeSpan.FromMilliseconds(random.Next(1, 20));
            _time.Advance(pass);
            elapsed += pass;
            sent += pending.Where(write => write.Wait.IsCompletedSuccessfully).Sum(write => write.Bytes);
            pending.RemoveAll(write => write.Wait.IsCompletedSuccessfully);
            sent.ShouldBeLessThanOrEqualTo((long)(Rate * (elapsed + s_burst).TotalSeconds) + 1, $"seed {seed}, step {step}");
        }

        // Four writes are always waiting, so that hardly any time is lost.
        sent.ShouldBeGreaterThan((long)(Rate * elapsed.TotalSeconds * 0.95), $"seed {seed}");
    }

    /// <summary>Rule: who has gone waits no more. Without it a transfer lives on after its client.</summary>
    [Fact]
    public async Task A_cancelled_writer_waits_no_more()
    {
        var rate = new UploadRate(1, _time);
        using var cancellation = new CancellationTokenSource();
        var wait = rate.WaitAsync(1000, cancellation.Token).AsTask();
        wait.IsCompleted.ShouldBeFalse();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(wait);
    }

    private static Task Wait(UploadRate rate, int bytes) => rate.WaitAsync(bytes, TestContext.Current.CancellationToken).AsTask();
}
