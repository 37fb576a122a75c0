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
            _table.Begin(Key(blob)).ShouldNotBeNull().Report(1, 0, 0);
        }

        _table.Begin(Key(5_000)).ShouldBeNull();
        _table.Find(Key(5_000)).ShouldBeNull();
        _table.Begin(Key(17)).ShouldBeSameAs(_table.Find(Key(17)).ShouldNotBeNull());
        _table.Count.ShouldBe(4_096);
    }

    /// <summary>Rule: 65,536 members in all. Without it many members in many fetches fill a tracker's memory.</summary>
    [Fact]
    public void With_65536_members_in_all_no_other_fetch_begins()
    {
        var fetch = _table.Begin(Key(1)).ShouldNotBeNull();
        for (var member = 1UL; member < 65_536; member++)
        {
            fetch.Join(member, 0);
        }

        _table.Begin(Key(2)).ShouldNotBeNull().Join(1, 0);
        _table.Begin(Key(3)).ShouldBeNull();
        fetch.Leave(1);
        _table.Begin(Key(3)).ShouldNotBeNull();
    }

    /// <summary>Rule: what is over is forgotten. Without it 4,096 blobs after an agent's start nobody streams any more.</summary>
    [Fact]
    public void A_fetch_is_forgotten_when_nobody_is_left_in_it()
    {
        var lease = ColdStartLimits.Lease.Ticks;
        _table.Begin(Key(1))!.Report(1, 0, 0);
        _table.Begin(Key(2))!.Report(1, 0, lease);
        _table.Begin(Key(3));
        _table.Begin(Key(4))!.Report(9, 0, lease);
        _table.Find(Key(4))!.Leave(9);

        _table.Purge(lease + 1);
        _table.Count.ShouldBe(1);
        _table.Find(Key(2)).ShouldNotBeNull();
        _table.Purge((2 * lease) + 1);
        _table.Count.ShouldBe(0);
    }

    private static DirectoryKey Key(ulong blob) => new(blob, 0, 0, 0);
}
