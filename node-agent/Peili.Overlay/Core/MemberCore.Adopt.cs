using Peili.Overlay.Directory;

namespace Peili.Overlay.Core;

/// <summary>
/// A cluster that is already there. Only simulations start so: thousands that join one by one would take longer than what is to be
/// measured.
/// </summary>
internal sealed partial class MemberCore
{
    /// <summary>Adds a member that is ready, without telling anybody.</summary>
    public void AddSettled(MemberRecord record)
    {
        view.Add(record, 1, MemberState.Alive, MemberStatus.Ready, now);
        placement.Add(view.End - 1, record.NameHash, record.ZoneHash, record.Placement);
    }

    /// <summary>Takes over the view of a member that was filled so, this one included.</summary>
    public void Adopt(MemberCore other)
    {
        if (other != this)
        {
            view.CopyFrom(other.view);
            placement.CopyFrom(other.placement);
        }

        hasJoined = true;
        Self = view.FindName(MemberRecord.HashOf(System.Text.Encoding.ASCII.GetBytes(options.Name)));
        view.Set(Self, 1, MemberState.Alive, MemberStatus.Ready, now);
        FollowTrackers();
        foreach (var slot in cold.Keys.ToArray())
        {
            WarmUp(slot);
        }
    }

    /// <summary>Fills the directory as announcing would have.</summary>
    public void AddSettledRecord(DirectoryKey key, MemberCore owner)
    {
        var record = owner.SelfRecord;
        tracked.Put(new TrackedRecord { Key = key, Owner = record.NameHash, Epoch = record.Epoch, Sequence = 1 });
    }

    /// <summary>The owner's half of the same: the trackers that are to be filled.</summary>
    public Trackers OwnSettled(DirectoryKey key)
    {
        var trackers = placement.Of(key.Slot);
        owned.Put(key, ++sequence);
        owned.SetTold(key.Slot, trackers);
        return trackers;
    }
}
