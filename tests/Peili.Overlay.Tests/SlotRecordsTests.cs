using Peili.Overlay.Directory;

namespace Peili.Overlay.Tests;

public sealed class SlotRecordsTests
{
    private static readonly DirectoryKey Key = new(1, 2, 3, 4);

    /// <summary>Rule: announced and withdrawn with (epoch, sequence). Without it a late announcement undoes a withdrawal.</summary>
    [Fact]
    public void A_late_announcement_does_not_undo_a_withdrawal()
    {
        var slot = new SlotRecords();
        slot.Put(Record(epoch: 1, sequence: 1)).ShouldBeTrue();
        slot.Put(Record(epoch: 1, sequence: 2, withdrawnAt: 9)).ShouldBeTrue();
        slot.Put(Record(epoch: 1, sequence: 1)).ShouldBeFalse();
        slot.LiveCount.ShouldBe(0u);
        slot.Put(Record(epoch: 2, sequence: 1)).ShouldBeTrue();
        slot.LiveCount.ShouldBe(1u);
    }

    [Fact]
    public void Sum_and_count_forget_the_order_and_repetitions()
    {
        var one = new SlotRecords();
        var other = new SlotRecords();
        foreach (var owner in new ulong[] { 5, 3, 9 })
        {
            one.Put(Record(1, 1, owner: owner));
        }

        foreach (var owner in new ulong[] { 9, 5, 7, 3 })
        {
            other.Put(Record(1, 4, owner: owner));
            other.Put(Record(1, 5, owner: owner));
        }

        other.Sum.ShouldNotBe(one.Sum);
        other.Put(Record(1, 6, owner: 7, withdrawnAt: 1));
        (other.LiveCount, other.Sum).ShouldBe((one.LiveCount, one.Sum));
    }

    [Fact]
    public void Records_of_a_key_are_found_among_others()
    {
        var slot = new SlotRecords();
        var random = new Random(1);
        for (var count = 0; count < 500; count++)
        {
            slot.Put(new TrackedRecord { Key = new DirectoryKey(1, (ulong)random.Next(20), 0, 0), Owner = (ulong)count, Epoch = 1, Sequence = 1 });
        }

        var found = 0;
        for (var second = 0UL; second < 20; second++)
        {
            foreach (ref readonly var record in slot.Of(new DirectoryKey(1, second, 0, 0)))
            {
                record.Key.Second.ShouldBe(second);
                found++;
            }
        }

        found.ShouldBe(500);
    }

    private static TrackedRecord Record(ulong epoch, uint sequence, ulong owner = 1, uint withdrawnAt = 0) =>
        new() { Key = Key, Owner = owner, Epoch = epoch, Sequence = sequence, WithdrawnAt = withdrawnAt };
}
