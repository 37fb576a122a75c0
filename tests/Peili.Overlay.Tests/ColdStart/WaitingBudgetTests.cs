using Peili.Overlay.ColdStart;

namespace Peili.Overlay.Tests.ColdStart;

/// <summary>How long pulls wait (overlay.md, "Waiting is bounded, and never a stampede"): each test names the rule without which it fails.</summary>
public sealed class WaitingBudgetTests
{
    private const string Image = "docker.io/library/image";
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(200);

    private readonly StandingClock _time = new();
    private readonly WaitingBudget _budget;

    public WaitingBudgetTests() => _budget = new WaitingBudget(s_wait, _time);

    /// <summary>Rule: the budget is the repository's, not the request's. Without it an image of 30 layers waits a minute.</summary>
    [Fact]
    public void Requests_of_a_repository_have_two_seconds_together_whatever_their_number()
    {
        for (var request = 0; request < 5; request++)
        {
            _budget.Begin(Image).ShouldBe(s_wait - (request * TimeSpan.FromMilliseconds(400)));
            Spend(Image, TimeSpan.FromMilliseconds(400));
        }

        for (var request = 0; request < 10; request++)
        {
            _budget.Begin(Image).ShouldBe(s_short);
            Spend(Image, s_short);
        }
    }

    /// <summary>Rule: waits at the same time count once. Without it three layers at a time have a third of the budget each.</summary>
    [Fact]
    public void Waits_at_the_same_time_are_counted_once()
    {
        _budget.Begin(Image).ShouldBe(s_wait);
        _budget.Begin(Image).ShouldBe(s_wait);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        _budget.Begin(Image).ShouldBe(TimeSpan.FromMilliseconds(1500), "a later one waits no longer than the first");
        _time.Advance(TimeSpan.FromMilliseconds(500));
        for (var request = 0; request < 3; request++)
        {
            _budget.End(Image, inVain: false);
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        _budget.Begin(Image).ShouldBe(TimeSpan.FromSeconds(1), "nobody waited in the meantime");
    }

    /// <summary>Rule: after one wait in vain 200 ms. Without it each layer of an image that nobody sends waits anew.</summary>
    [Fact]
    public void After_a_wait_in_vain_a_repository_waits_a_fifth_of_a_second()
    {
        _budget.Begin(Image);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _budget.End(Image, inVain: true);
        _budget.Begin(Image).ShouldBe(s_short);
        _budget.End(Image, inVain: false);
        _budget.Begin(Image).ShouldBe(s_short, "one byte in time does not make up for it");
    }

    /// <summary>Rule: one repository waits at a time. Without it waits for one image hold all of containerd's three downloads.</summary>
    [Fact]
    public void While_one_repository_waits_another_waits_a_fifth_of_a_second()
    {
        _budget.Begin(Image).ShouldBe(s_wait);
        _budget.Begin("quay.io/other").ShouldBe(s_short);
        _budget.End(Image, inVain: false);
        _budget.Begin("quay.io/other").ShouldBe(s_wait);
        _budget.Begin(Image).ShouldBe(s_short);
        _budget.End("quay.io/other", inVain: false);
        _budget.Begin(Image).ShouldBe(s_short, "the other still waits");
        _budget.End("quay.io/other", inVain: false);
        _budget.Begin(Image).ShouldBe(s_wait);
    }

    /// <summary>Rule: the budget is for half a minute. Without it a node that once waited in vain never waits again.</summary>
    [Fact]
    public void After_half_a_minute_the_budget_is_whole_again()
    {
        _budget.Begin(Image);
        Spend(Image, s_wait, inVain: true);
        _time.Advance(TimeSpan.FromMilliseconds(27_999));
        _budget.Begin(Image).ShouldBe(s_short);
        _budget.End(Image, inVain: true);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _budget.Begin(Image).ShouldBe(s_wait);
    }

    /// <summary>Rule: a wait over the half minute's end is still that of the old one. Without it its end is counted where it did not begin.</summary>
    [Fact]
    public void Who_waits_when_the_half_minute_ends_is_counted_to_its_own()
    {
        _budget.Begin(Image);
        _time.Advance(TimeSpan.FromSeconds(40));
        _budget.Begin(Image).ShouldBe(s_short, "the first waits still");
        _budget.End(Image, inVain: false);
        _budget.End(Image, inVain: false);
        _budget.Begin(Image).ShouldBe(s_wait);
    }

    /// <summary>Rule: never longer than what the operator allows.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void A_budget_below_a_fifth_of_a_second_is_never_exceeded(int milliseconds)
    {
        var wait = TimeSpan.FromMilliseconds(milliseconds);
        var budget = new WaitingBudget(wait, _time);
        budget.Begin(Image).ShouldBe(wait);
        budget.Begin("other").ShouldBe(wait);
        budget.End(Image, inVain: true);
        budget.Begin(Image).ShouldBe(wait);
    }

    /// <summary>Rule: an end without a beginning changes nothing. Without it a later wait is never over.</summary>
    [Fact]
    public void An_end_that_has_no_beginning_changes_nothing()
    {
        _budget.End(Image, inVain: true);
        _budget.Begin(Image).ShouldBe(s_wait);
        _budget.End(Image, inVain: false);
        _budget.End(Image, inVain: false);
        _budget.Begin(Image);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        _budget.End(Image, inVain: false);
        _budget.Begin("other").ShouldBe(s_wait, "nobody waits");
    }

    /// <summary>Rule: memory is bounded. Without it whoever asks for many repositories fills it.</summary>
    [Fact]
    public void No_more_than_1024_repositories_are_remembered_besides_those_that_wait()
    {
        _budget.Begin("waiting");
        for (var repository = 0; repository < 5_000; repository++)
        {
            _budget.Begin($"repository-{repository}");
            _budget.End($"repository-{repository}", inVain: true);
        }

        _budget.Count.ShouldBeLessThanOrEqualTo(1024);
        _budget.Begin("other").ShouldBe(s_short, "the one that waits is not forgotten");
    }

    /// <summary>Rule: waiters are let go 1, 2, 4, 8 per 500 ms. Without it a slow registry is asked by all at once.</summary>
    [Fact]
    public void Waiters_give_up_one_two_four_and_eight_at_a_time_half_a_second_apart()
    {
        WaitingBudget.StageOf(0).ShouldBe(TimeSpan.Zero);
        WaitingBudget.StageOf(1).ShouldBe(TimeSpan.Zero);
        var stages = Enumerable.Range(2, 15).GroupBy(ordinal => WaitingBudget.StageOf((uint)ordinal)).OrderBy(stage => stage.Key).ToArray();
        stages.Select(stage => stage.Count()).ShouldBe([1, 2, 4, 8]);
        stages.Select(stage => stage.Key.TotalMilliseconds).ShouldBe([0, 500, 1000, 1500]);
        stages[3].ShouldContain(16);
        WaitingBudget.StageOf(uint.MaxValue).ShouldBe(TimeSpan.FromSeconds(15.5));
    }

    /// <summary>Rule: safe for many threads. Without it a count is lost and the repository is taken for one that waits for ever.</summary>
    [Fact]
    public async Task After_waits_on_many_threads_nobody_is_taken_for_waiting()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(
            () =>
            {
                for (var round = 0; round < 500; round++)
                {
                    var repository = $"repository-{(worker + round) % 3}";
                    _budget.Begin(repository);
                    _budget.End(repository, inVain: false);
                }
            },
            TestContext.Current.CancellationToken)));

        _budget.Begin("fresh").ShouldBe(s_wait);
    }

    private void Spend(string repository, TimeSpan time, bool inVain = false)
    {
        _time.Advance(time);
        _budget.End(repository, inVain);
    }
}
