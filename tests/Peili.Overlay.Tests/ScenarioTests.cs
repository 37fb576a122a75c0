using Peili.Overlay.Simulation;
using Peili.Overlay.Simulation.Scenarios;

namespace Peili.Overlay.Tests;

/// <summary>The scenarios of `make simulate`, smaller and shorter, with the same bounds.</summary>
public sealed class ScenarioTests
{
    private readonly Figures figures = new(TextWriter.Null);

    [Fact]
    public void After_a_partition_both_sides_agree_and_every_lookup_finds_every_holder()
    {
        HealedPartition.Run(figures, "short", seed: 2, members: 100, TimeSpan.FromSeconds(60));
        figures.Missed.ShouldBeEmpty();
        figures["short.heal.stale_holders"].ShouldBe(0);
        figures["short.heal.reminders"].ShouldBeLessThan(10, "owners come by themselves to those that return from the dead");
    }
}
