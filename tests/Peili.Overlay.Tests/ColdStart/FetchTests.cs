using Peili.Overlay.ColdStart;

namespace Peili.Overlay.Tests.ColdStart;

/// <summary>A tracker's decisions about one blob, at times that a simulation does not reach: each test names the rule without which it fails.</summary>
public sealed class FetchTests
{
    private readonly Fetch _fetch = new();
    private long _now = TimeSpan.FromHours(5).Ticks;
    private ulong _request;

    /// <summary>Rule: who asks is heard. Without it a tracker that has run for ten minutes forgets every asker at once.</summary>
    [Fact]
    public void On_a_tracker_that_has_run_for_hours_an_asker_is_remembered()
    {
        Ask(1).ShouldBe(FetchRole.Origin);
        _fetch.Count.ShouldBe(1);
        Ask(2).ShouldBe(FetchRole.Child);
        Ask(1).ShouldBe(FetchRole.Origin, "nobody else is an origin");
        _fetch.Count.ShouldBe(2);
        _fetch.Leave(1);
        _fetch.Origins.ShouldBeEmpty();
        Ask(2).ShouldBe(FetchRole.Origin);
    }

    /// <summary>Rule: an origin that asks for the same request lives. Without it the next asker is a second origin.</summary>
    [Fact]
    public void An_origin_that_asks_again_after_its_lease_is_the_origin_still()
    {
        Ask(1, request: 7).ShouldBe(FetchRole.Origin);
        Pass(ColdStartLimits.Lease * 2);
        Ask(1, request: 7).ShouldBe(FetchRole.Origin);
        Ask(2).ShouldBe(FetchRole.Child);
    }

    /// <summary>Rule: a member has one part. Without it an origin that becomes a child after a silence is there twice, and is never forgotten.</summary>
    [Fact]
    public void An_origin_that_becomes_a_child_after_a_silence_is_forgotten_like_any_other()
    {
        Ask(1).ShouldBe(FetchRole.Origin);
        Ask(2, GrantReason.Escape).ShouldBe(FetchRole.Origin);
        Pass(ColdStartLimits.Lease * 2);
        _fetch.Report(2, 10, _now);
        Ask(1).ShouldBe(FetchRole.Child);
        Ask(1).ShouldBe(FetchRole.Child);
        _fetch.Count.ShouldBe(2);
        Pass(ColdStartLimits.ForgetChild * 2);
        _fetch.Lapse(_now);
        _fetch.Count.ShouldBe(0);
        Ask(1).ShouldBe(FetchRole.Origin);
    }

    /// <summary>
    /// Rule: an escape that did not help is the last. Without it all that share a slow upstream become origins, one after the other, each of
    /// which makes upstream slower for all.
    /// </summary>
    [Theory]
    [InlineData(1_000, 1_000, false)]
    [InlineData(1_400, 1_000, false)]
    [InlineData(1_600, 1_000, true)]
    [InlineData(1_000, 0, true)]
    [InlineData(0, 1_000, true)]
    public void Another_escape_is_granted_only_when_the_last_one_helped(long escapedGot, long originGot, bool isGranted)
    {
        Ask(1).ShouldBe(FetchRole.Origin);
        Ask(2).ShouldBe(FetchRole.Child);
        _fetch.Report(1, 50_000, _now);
        Ask(2, GrantReason.Escape, offset: 40_000).ShouldBe(FetchRole.Origin);
        Pass(ColdStartLimits.EscapeEvery);
        _fetch.Report(1, 50_000 + originGot, _now);
        _fetch.Report(2, 40_000 + escapedGot, _now);
        Ask(3, GrantReason.Escape, offset: 39_000).ShouldBe(isGranted ? FetchRole.Origin : FetchRole.Denied);
    }

    /// <summary>Rule: what an origin had before it was one counts for nothing. Without it a late origin looks like the fastest.</summary>
    [Fact]
    public void An_escape_is_held_against_what_the_others_got_since()
    {
        Ask(1);
        Ask(2, GrantReason.Escape, offset: 40_000).ShouldBe(FetchRole.Origin);
        Pass(ColdStartLimits.EscapeEvery);
        _fetch.Report(2, 41_000, _now);
        _fetch.Report(9, 90_000, _now);
        Ask(3, GrantReason.Escape, offset: 39_000).ShouldBe(FetchRole.Origin);
    }

    /// <summary>Rule: a child that was silent for ten minutes is not offered. Without it those that come are sent to nodes that have long gone.</summary>
    [Fact]
    public void After_ten_minutes_of_silence_a_child_is_not_named_any_more()
    {
        Ask(100).ShouldBe(FetchRole.Origin);
        for (var child = 1UL; child <= 4; child++)
        {
            Ask(child).ShouldBe(FetchRole.Child);
        }

        Pass(ColdStartLimits.ForgetChild);
        _fetch.Report(100, 1, _now);
        Ask(5).ShouldBe(FetchRole.Child);
        Sources(5).ShouldBe([2UL, 1UL, 100UL]);

        Pass(TimeSpan.FromTicks(1));
        Ask(5).ShouldBe(FetchRole.Child);
        Sources(5).ShouldBe([100UL]);
        _fetch.Count.ShouldBe(2);
    }

    /// <summary>Rule: an origin's word keeps its lease, to the tick. Without it a slow upstream makes a second origin.</summary>
    [Fact]
    public void An_origins_lease_ends_two_seconds_after_its_last_word()
    {
        Ask(1);
        Pass(TimeSpan.FromMilliseconds(500));
        _fetch.Report(1, 5, _now);
        Pass(ColdStartLimits.Lease);
        Ask(2).ShouldBe(FetchRole.Child);
        Pass(TimeSpan.FromTicks(1));
        Ask(2).ShouldBe(FetchRole.Origin);
    }

    /// <summary>Rule: an origin's mark does not fall. Without it a late report makes an offset preferred to an origin that is ahead.</summary>
    [Fact]
    public void A_late_report_does_not_take_an_origins_bytes_away()
    {
        Ask(1);
        _fetch.Report(1, 500, _now);
        _fetch.Report(1, 0, _now);
        _fetch.Origins.ShouldHaveSingleItem().Mark.ShouldBe(500);
        Ask(2, offset: 100).ShouldBe(FetchRole.Child);
    }

    /// <summary>Rule: a co-tracker learns of an origin by its report. Without it the first tracker's death makes a second one.</summary>
    [Fact]
    public void Who_reports_is_an_origin_though_it_never_asked_here()
    {
        _fetch.Report(1, 0, _now);
        Ask(2).ShouldBe(FetchRole.Child);
        Sources(2).ShouldBe([1UL]);
    }

    /// <summary>Rule: all that lost the origin have a moment to say how much they have. Without it the first of them goes on, and bytes are fetched again.</summary>
    [Fact]
    public void Of_those_that_lost_the_origin_the_one_that_has_most_goes_on()
    {
        LoseOrigin(1);
        Ask(2, GrantReason.SourceLost, 100).ShouldBe(FetchRole.Wait);
        Pass(ColdStartLimits.Gather / 2);
        Ask(3, GrantReason.SourceLost, 200).ShouldBe(FetchRole.Wait);
        Pass(ColdStartLimits.Gather / 2);
        Ask(2, GrantReason.SourceLost, 100).ShouldBe(FetchRole.Wait, "another has more");
        Ask(3, GrantReason.SourceLost, 200).ShouldBe(FetchRole.Origin);
        Ask(2, GrantReason.SourceLost, 100).ShouldBe(FetchRole.Child);
    }

    /// <summary>Rule: each loss has its own moment. Without it after a second loss whoever asks first goes on.</summary>
    [Fact]
    public void After_a_second_loss_they_are_waited_for_anew()
    {
        LoseOrigin(1);
        Ask(2, GrantReason.SourceLost, 100);
        Ask(3, GrantReason.SourceLost, 50);
        Pass(ColdStartLimits.Gather);
        Ask(2, GrantReason.SourceLost, 100).ShouldBe(FetchRole.Origin);
        Pass(ColdStartLimits.GatherStale * 2);
        _fetch.Leave(2);

        Ask(3, GrantReason.SourceLost, 500).ShouldBe(FetchRole.Wait);
        Ask(4, GrantReason.SourceLost, 700).ShouldBe(FetchRole.Wait);
        Pass(ColdStartLimits.Gather);
        Ask(3, GrantReason.SourceLost, 500).ShouldBe(FetchRole.Wait, "another has more");
        Ask(4, GrantReason.SourceLost, 700).ShouldBe(FetchRole.Origin);
    }

    /// <summary>Rule: who does not ask again is not waited for. Without it one that died with the origin stops everybody.</summary>
    [Fact]
    public void Who_had_most_and_is_silent_is_not_waited_for()
    {
        LoseOrigin(1);
        Ask(3, GrantReason.SourceLost, 900).ShouldBe(FetchRole.Wait);
        for (var waited = 0; waited < 300; waited += 100)
        {
            Pass(TimeSpan.FromMilliseconds(100));
            Ask(2, GrantReason.SourceLost, 100).ShouldBe(FetchRole.Wait);
        }

        Pass(TimeSpan.FromMilliseconds(100));
        Ask(2, GrantReason.SourceLost, 100).ShouldBe(FetchRole.Origin);
    }

    /// <summary>Rule: no loops in the plan. Without it a child is sent to itself, or to those that are sent to it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Nobody_is_sent_to_itself_or_to_a_child_of_a_later_place(int holders)
    {
        Ask(1000);
        Ask(1001, GrantReason.Escape).ShouldBe(FetchRole.Origin);
        for (var child = 1UL; child <= 200; child++)
        {
            Ask(child, holders: holders).ShouldBe(FetchRole.Child);
        }

        for (var child = 1UL; child <= 200; child++)
        {
            var sources = Sources(child, holders);
            sources.ShouldAllBe(source => source < child || source >= 1000);
            sources.ShouldBeUnique();
            (sources.Length > 0 || holders > 0).ShouldBeTrue();
        }
    }

    /// <summary>Rule: the last candidate is the root. Without it a child whose neighbours are full must ask the tracker each time.</summary>
    [Fact]
    public void The_last_candidate_is_an_origin_and_unusable_ones_are_left_out()
    {
        Ask(1000);
        for (var child = 1UL; child <= 40; child++)
        {
            Ask(child);
        }

        Sources(39).ShouldBe([19UL, 18UL, 1000UL]);
        Sources(39, usable: member => member != 19).ShouldBe([18UL, 17UL, 1000UL]);
        Sources(39, usable: member => member != 1000).ShouldBe([19UL, 18UL, 17UL]);
        Sources(39, usable: _ => false).ShouldBeEmpty();
        Sources(1).ShouldBe([1000UL]);
    }

    /// <summary>Rule: siblings have different neighbours. Without it both children of one that dies go to the same parent, and it serves four.</summary>
    [Fact]
    public void Two_children_of_one_parent_have_different_second_candidates()
    {
        Ask(1000);
        for (var child = 1UL; child <= 40; child++)
        {
            Ask(child);
        }

        Sources(39)[0].ShouldBe(Sources(40)[0]);
        Sources(39)[1].ShouldNotBe(Sources(40)[1]);
    }

    /// <summary>Rule: the places below holders are the holders'. Without it a blob that is here is streamed from those that have a part of it.</summary>
    [Fact]
    public void The_first_places_are_below_the_holders()
    {
        for (var child = 1UL; child <= 12; child++)
        {
            Ask(child, holders: 2).ShouldBe(FetchRole.Child);
        }

        for (var child = 1UL; child <= 4; child++)
        {
            Sources(child, holders: 2).ShouldBeEmpty();
        }

        Sources(5, holders: 2).ShouldBe([1UL]);
    }

    /// <summary>Rule: below several origins children take turns, and the first is everybody's last resort. Without it one that came later serves nobody.</summary>
    [Fact]
    public void Children_of_several_origins_take_turns_at_all_but_the_root()
    {
        for (var origin = 1000UL; origin <= 1002; origin++)
        {
            _fetch.Report(origin, 0, _now);
        }

        for (var child = 1UL; child <= 12; child++)
        {
            Ask(child).ShouldBe(FetchRole.Child);
        }

        var sources = Enumerable.Range(1, 6).Select(child => Sources((ulong)child)).ToArray();
        sources.Select(source => source[0]).Distinct().Order().ShouldBe([1001UL, 1002UL]);
        sources.Select(source => source[^1]).Distinct().ShouldBe([1000UL]);
    }

    private void LoseOrigin(ulong origin)
    {
        Ask(origin);
        Ask(2).ShouldBe(FetchRole.Child);
        Ask(3).ShouldBe(FetchRole.Child);
        _fetch.Leave(origin);
    }

    private void Pass(TimeSpan time) => _now += time.Ticks;

    private FetchRole Ask(ulong member, GrantReason reason = GrantReason.First, long offset = 0, int holders = 0, ulong? request = null)
    {
        var question = new GrantRequest(default, request ?? ++_request + 1000, offset, 0, reason, 0, []);
        return _fetch.Decide(_fetch.Join(member, _now), question, holders, _now);
    }

    private ulong[] Sources(ulong member, int holders = 0, Func<ulong, bool>? usable = null)
    {
        Span<ulong> sources = stackalloc ulong[3];
        return [.. sources[.._fetch.ChooseSources(_fetch.Join(member, _now), holders, usable ?? (static _ => true), sources)]];
    }
}
