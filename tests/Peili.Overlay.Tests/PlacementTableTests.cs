using Peili.Overlay.Core;
using Peili.Overlay.Directory;

namespace Peili.Overlay.Tests;

/// <summary>Rules of placement (overlay.md, Directory).</summary>
public sealed class PlacementTableTests
{
    [Fact]
    public void A_slot_has_three_different_trackers()
    {
        var table = Create(50, _ => 1);
        for (var slot = 0; slot < DirectoryKey.Slots; slot++)
        {
            var trackers = table.Of(slot);
            new[] { trackers.First, trackers.Second, trackers.Third }.Distinct().Count().ShouldBe(3);
        }
    }

    [Fact]
    public void Fewer_members_than_replicas_all_track_everything()
    {
        var table = Create(2, _ => 1);
        table.Of(77).Count.ShouldBe(2);
        Create(0, _ => 1).Of(77).Count.ShouldBe(0);
    }

    /// <summary>Rule: updated incrementally. Without exactness members that saw other orders would place differently.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_table_depends_on_the_members_alone_and_not_on_the_order_of_changes(int seed)
    {
        var random = new Random(seed);
        var table = new PlacementTable();
        var members = new List<int>();
        for (var step = 0; step < 120; step++)
        {
            if (members.Count > 0 && random.Next(3) == 0)
            {
                var gone = members[random.Next(members.Count)];
                members.Remove(gone);
                table.Remove(gone);
            }
            else
            {
                var member = Enumerable.Range(0, 200).First(candidate => !members.Contains(candidate) && random.Next(3) == 0);
                members.Add(member);
                Add(table, member, seed == 1 ? 1u : (uint)(member % 4));
            }

            _ = table.Of(random.Next(DirectoryKey.Slots));
        }

        var fresh = new PlacementTable();
        foreach (var member in members.Order())
        {
            Add(fresh, member, seed == 1 ? 1u : (uint)(member % 4));
        }

        table.Hash.ShouldBe(fresh.Hash);
        for (var slot = 0; slot < DirectoryKey.Slots; slot++)
        {
            table.Of(slot).ShouldBe(fresh.Of(slot), $"slot {slot}");
        }
    }

    /// <summary>The reverse of noting too little: an owner announces anew only for slots that are noted.</summary>
    [Fact]
    public void Every_slot_whose_trackers_change_is_noted()
    {
        var table = Create(40, member => (uint)(member % 3));
        var before = Enumerable.Range(0, DirectoryKey.Slots).Select(table.Of).ToArray();
        table.ClearChanged();
        Add(table, 40, 1);
        table.Remove(7);
        for (var slot = 0; slot < DirectoryKey.Slots; slot++)
        {
            if (table.Of(slot) != before[slot])
            {
                table.Changed.Contains(slot).ShouldBeTrue($"slot {slot}");
            }
        }

        table.Changed.Count.ShouldBeLessThan(DirectoryKey.Slots / 3);
    }

    /// <summary>Rule: not all in one zone. Without it losing a zone loses the trackers of a ninth of all slots.</summary>
    [Fact]
    public void Trackers_of_a_slot_are_not_all_in_one_zone()
    {
        var table = Create(60, member => (uint)(member % 3));
        for (var slot = 0; slot < DirectoryKey.Slots; slot++)
        {
            var trackers = table.Of(slot);
            new[] { trackers.First % 3, trackers.Second % 3, trackers.Third % 3 }.Distinct().Count().ShouldBeGreaterThan(1, $"slot {slot}");
        }
    }

    /// <summary>Rule: none above 4 x the mean load. Without it the one member of a small zone would track every slot.</summary>
    [Theory]
    [InlineData(200, 1)]
    [InlineData(200, 3)]
    [InlineData(100, 30)]
    [InlineData(1000, 2)]
    public void Nobody_tracks_more_than_four_times_the_mean(int members, int inSmallZone)
    {
        var table = Create(members, member => member < inSmallZone ? 2u : 1u);
        var load = new int[members];
        for (var slot = 0; slot < DirectoryKey.Slots; slot++)
        {
            var trackers = table.Of(slot);
            load[trackers.First]++;
            load[trackers.Second]++;
            load[trackers.Third]++;
        }

        load.Max().ShouldBeLessThanOrEqualTo((int)(4.0 * 3 * DirectoryKey.Slots / members));
        load.Min().ShouldBeGreaterThan(0);
    }

    /// <summary>Rule: the lowest placement version in the view is used. Without it a half-updated cluster would place by two rules.</summary>
    [Fact]
    public void The_lowest_rule_that_a_placed_member_knows_is_used_by_all()
    {
        var newer = new PlacementTable(newest: 3);
        var older = new PlacementTable(newest: 2);
        newer.Rule.ShouldBe((byte)3);
        foreach (var table in new[] { newer, older })
        {
            table.Add(0, 10, 1, rule: 3);
            table.Add(1, 11, 1, rule: 2);
            table.Add(2, 12, 1, rule: 9);
        }

        (newer.Rule, older.Rule).ShouldBe(((byte)2, (byte)2));
        newer.Hash.ShouldBe(older.Hash, "they place alike");
        newer.ClearChanged();
        newer.Remove(1);
        older.Remove(1);
        (newer.Rule, older.Rule).ShouldBe(((byte)3, (byte)2));
        newer.Hash.ShouldNotBe(older.Hash, "they do not, and must not compare what they hold");
        newer.Changed.Count.ShouldBe(DirectoryKey.Slots, "any slot may have other trackers now");
    }

    private static PlacementTable Create(int members, Func<int, uint> zone)
    {
        var table = new PlacementTable();
        for (var member = 0; member < members; member++)
        {
            Add(table, member, zone(member));
        }

        return table;
    }

    private static void Add(PlacementTable table, int member, uint zone) => table.Add(member, Mix.Of((ulong)member + 1), zone, PlacementRule.Current);
}
