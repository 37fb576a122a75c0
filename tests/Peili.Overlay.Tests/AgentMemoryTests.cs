using Peili.Overlay.Simulation.Scenarios;

namespace Peili.Overlay.Tests;

[Collection(AloneCollection.Name)]
public sealed class AgentMemoryTests
{
    [Fact]
    public void Five_thousand_members_take_less_than_eight_megabytes() =>
        AgentMemory.Measure(members: 5_000, digests: 800).ShouldBeInRange(2_000_000, 8_000_000, "less would mean that nothing was measured");
}
