using Peili.Overlay.Security;

namespace Peili.Overlay.Tests;

/// <summary>Rule: a 1,024-packet replay window per session (overlay.md, Packets).</summary>
public sealed class ReplayWindowTests
{
    [Fact]
    public void Every_counter_is_taken_once()
    {
        var window = default(ReplayWindow);
        foreach (var counter in new ulong[] { 1, 5, 3, 900, 899, 2, 4, 1000, 6, 7, 8 })
        {
            window.HasSeen(counter).ShouldBeFalse($"{counter} is new");
            window.Mark(counter);
            window.HasSeen(counter).ShouldBeTrue($"{counter} was seen");
        }
    }

    [Fact]
    public void What_is_older_than_the_window_counts_as_seen()
    {
        var window = default(ReplayWindow);
        window.Mark(5000);
        window.HasSeen(5000 - 1023).ShouldBeFalse();
        window.HasSeen(5000 - 1024).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 50)]
    [InlineData(4, 400)]
    [InlineData(5, 3000)]
    public void Any_order_gives_the_answers_of_a_plain_set(int seed, int reach)
    {
        var random = new Random(seed);
        var window = default(ReplayWindow);
        var seen = new HashSet<ulong>();
        var highest = 0UL;
        for (var step = 0; step < 20_000; step++)
        {
            var counter = (ulong)Math.Max(0, (long)highest + random.Next(-reach, reach));
            var expected = seen.Contains(counter) || counter + ReplayWindow.Width <= highest;
            window.HasSeen(counter).ShouldBe(expected, $"step {step}, counter {counter}, highest {highest}");
            if (!expected)
            {
                window.Mark(counter);
                seen.Add(counter);
                highest = Math.Max(highest, counter);
            }
        }
    }
}
