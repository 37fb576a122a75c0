using Peili.Overlay.ColdStart;

namespace Peili.Overlay.Tests.ColdStart;

/// <summary>What a tracker remembers of all fetches: each test names the rule without which it fails.</summary>
public sealed class FetchTableTests
{
    private readonly FetchTable _table = new();

    /// <summary>Rule: 4,096 fetches. Without it a tracker's memory grows with the cluster's images.</summary>
    [Fact]
    public void Of_more_than_4096_blobs_nothing_is_known_and_the_others_stay()
    {
        for (var blob = 0UL; blob < 4_096; blob++)
        {
            _table.Begin(Key(blob), 1).ShouldNotBeNull().Report(1, 0, 0);
        }

        _table.Begin(Key(5_000), 1).ShouldBeNull();
        _table.Find(Key(5_000)).ShouldBeNull();
        _table.Begin(Key(17), 1).ShouldBeSameAs(_table.Find(Key(17)).ShouldNotBeNull());
        _table.Count.ShouldBe(4_096);
    }

    /// <summary>Rule: 65,536 members in all. Without it many members in many fetches fill a tracker's memory.</summary>
    [Fact]
    public void Of_more_than_65536_members_in_all_no_other_is_taken_in()
    {
        var fetch = _table.Begin(Key(1), 1).ShouldNotBeNull();
        for (var member = 1UL; member < 65_536; member++)
        {
            fetch.Join(member, 0);
        }

        _table.Begin(Key(2), 1).ShouldNotBeNull().Join(1, 0);
        _table.Begin(Key(3), 1).ShouldBeNull();
        _table.Begin(Key(1), 70_000).ShouldBeNull("nor into a fetch that is there already");
        _table.Begin(Key(1), 17).ShouldBeSameAs(fetch, "who takes part goes on");
        fetch.Leave(1);
        _table.Begin(Key(3), 1).ShouldNotBeNull();
    }

    /// <summary>Rule: a child that is silent for ten minutes is forgotten, whoever came before it. Without it a tracker fills up with those that gave up.</summary>
    [Fact]
    public void Silent_children_are_forgotten_also_behind_one_that_speaks()
    {
        var minute = TimeSpan.FromMinutes(1).Ticks;
        var fetch = _table.Begin(Key(1), 1).ShouldNotBeNull();
        fetch.Join(1, 0).HeardAt = 10 * minute;
        fetch.Join(2, 0).HeardAt = minute;
        fetch.Join(3, 0).HeardAt = minute;

        _table.Purge((11 * minute) + 1);
        fetch.Has(1).ShouldBeTrue();
        fetch.Count.ShouldBe(1);
    }

    /// <summary>Rule: what is over is forgotten. Without it 4,096 blobs after an agent's start nobody streams any more.</summary>
    [Fact]
    public void A_fetch_is_forgotten_when_nobody_is_left_in_it()
    {
        var lease = ColdStartLimits.Lease.Ticks;
        _table.Begin(Key(1), 1)!.Report(1, 0, 0);
        _table.Begin(Key(2), 1)!.Report(1, 0, lease);
        _table.Begin(Key(3), 1);
        _table.Begin(Key(4), 9)!.Report(9, 0, lease);
        _table.Find(Key(4))!.Leave(9);

        _table.Purge(lease + 1);
        _table.Count.ShouldBe(1);
        _table.Find(Key(2)).ShouldNotBeNull();
        _table.Purge((2 * lease) + 1);
        _table.Count.ShouldBe(0);
    }

    private static DirectoryKey Key(ulong blob) => new(blob, 0, 0, 0);
}
