using Peili.Overlay.Membership;

namespace Peili.Overlay.Tests;

/// <summary>Rule: suspicion shortened by confirmations (Lifeguard, IV.B).</summary>
public sealed class SuspicionTests
{
    [Fact]
    public void Independent_confirmations_shorten_a_suspicion_and_repeated_ones_do_not()
    {
        var suspicion = new Suspicion(1, 0, 3, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(16));
        suspicion.TryConfirm(10).ShouldBeTrue();
        var alone = suspicion.Deadline;
        alone.ShouldBe(TimeSpan.FromSeconds(16).Ticks);
        suspicion.TryConfirm(10).ShouldBeFalse();
        suspicion.Deadline.ShouldBe(alone);
        suspicion.TryConfirm(11).ShouldBeTrue();
        suspicion.Deadline.ShouldBe(TimeSpan.FromSeconds(10).Ticks);
        suspicion.TryConfirm(12).ShouldBeTrue();
        suspicion.TryConfirm(13).ShouldBeTrue();
        suspicion.Deadline.ShouldBe(TimeSpan.FromSeconds(4).Ticks);
        suspicion.TryConfirm(14).ShouldBeFalse();
    }
}
