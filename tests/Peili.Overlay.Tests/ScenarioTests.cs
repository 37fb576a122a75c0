using Peili.Overlay.Simulation;
using Peili.Overlay.Simulation.Scenarios;

namespace Peili.Overlay.Tests;

/// <summary>The scenarios of `make simulate`, smaller and shorter, with the same bounds.</summary>
public sealed class ScenarioTests
{
    private readonly Figures figures = new(TextWriter.Null);

    [Fact]
    public void Crashes_leaves_joins_lookups_and_announcements_keep_their_times_while_members_stall()
    {
        SteadyHour.Run(figures, "short", seed: 1, members: 100, TimeSpan.FromMinutes(2), crashes: 8);
        figures.Missed.ShouldBeEmpty();
        figures["short.crash.count"].ShouldBe(8);
        figures["short.lookup.count"].ShouldBeGreaterThan(2_000);
        figures["short.announce.count"].ShouldBeGreaterThan(1_000);
    }

    /// <summary>Clocks an hour wrong, no epoch kept, one direction in two hundred cut: the same times.</summary>
    [Fact]
    public void Wrong_clocks_and_links_cut_in_one_direction_change_nothing()
    {
        SteadyHour.Run(figures, "short", seed: 6, members: 100, TimeSpan.FromMinutes(2), crashes: 8, isAdverse: true);
        figures.Missed.ShouldBeEmpty();
    }

    [Fact]
    public void Quiet_and_churn_cost_little_and_no_news_waits()
    {
        LargeCluster.Run(figures, "short", seed: 3, members: 200, digests: 100, TimeSpan.FromSeconds(30), churn: true);
        figures.Missed.Where(line => !line.Contains(".mib", StringComparison.Ordinal) && !line.Contains(".gib", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void After_a_partition_both_sides_agree_and_every_lookup_finds_every_holder()
    {
        HealedPartition.Run(figures, "short", seed: 2, members: 100, TimeSpan.FromSeconds(60));
        figures.Missed.ShouldBeEmpty();
        figures["short.heal.stale_holders"].ShouldBe(0);
        figures["short.heal.reminders"].ShouldBeLessThan(10, "owners come by themselves to those that return from the dead");
    }

    /// <summary>Makespan and upstream's bytes, with a slow upstream and a fast one, and with deaths in the middle.</summary>
    [Fact]
    public void A_hundred_nodes_that_want_one_blob_get_it_hardly_later_than_one()
    {
        ColdStarts.Run(figures, nodes: [100], megabytes: [1000]);
        figures.Missed.ShouldBeEmpty();
        figures["herd.100.1000mb.deaths.more_s"].ShouldBeLessThan(0.5, "the children of the dead find that out at once, and nobody else moves");
        figures["herd.100.1000mb.fast.deaths.more_s"].ShouldBeLessThan(2.5);
    }
}
