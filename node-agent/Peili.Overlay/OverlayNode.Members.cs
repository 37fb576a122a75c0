using Peili.Overlay.Membership;

namespace Peili.Overlay;

/// <summary>What the node knows.</summary>
public sealed partial class OverlayNode
{
    /// <summary>Directory records of what this node has.</summary>
    public int RecordsOwned
    {
        get
        {
            lock (gate)
            {
                return Core.OwnedCount;
            }
        }
    }

    /// <summary>Directory records that this node holds for others, withdrawn ones included for a while.</summary>
    public int RecordsHeld
    {
        get
        {
            lock (gate)
            {
                return Core.TrackedCount;
            }
        }
    }

    /// <summary>Everybody known at this moment, this node and the recently gone included.</summary>
    public IReadOnlyList<OverlayMember> GetMembers()
    {
        lock (gate)
        {
            var members = new List<OverlayMember>(Core.View.Count);
            for (var index = 0; index < Core.View.End; index++)
            {
                ref var entry = ref Core.View[index];
                if (entry.Record is { } record)
                {
                    members.Add(new OverlayMember(
                        record.Name,
                        record.Address,
                        record.Zone,
                        record.Version,
                        record.Epoch,
                        entry.Incarnation,
                        entry.State,
                        entry.Status,
                        entry.Flags.HasFlag(MemberFlags.UdpBlocked),
                        entry.Flags.HasFlag(MemberFlags.Avoided)));
                }
            }

            return members;
        }
    }

    /// <summary>The names of the members that keep a key's records, in the order in which a role is asked for: at most three.</summary>
    /// <param name="key">The key.</param>
    public IReadOnlyList<string> GetTrackers(DirectoryKey key)
    {
        lock (gate)
        {
            return Core.TrackersOf(key);
        }
    }

    /// <summary>How many members there are of each kind at this moment, this node and the recently gone included.</summary>
    public MemberCounts CountMembers()
    {
        var counts = new MemberCounts();
        lock (gate)
        {
            for (var index = 0; index < Core.View.End; index++)
            {
                ref var entry = ref Core.View[index];
                if (entry.Record is not null)
                {
                    counts.Add(entry.State, entry.Flags);
                }
            }
        }

        return counts;
    }
}
