namespace Peili.Overlay.Directory;

/// <summary>What this member tracks, and the slots it used to track, for a while.</summary>
internal sealed class TrackedSlots
{
    /// <summary>Records held at most: 500,000 are 28 MB, and a tracker's fair share of 5,000 nodes with 10,000 digests is 30,000.</summary>
    public const int MaximumRecords = 500_000;

    private readonly Dictionary<ushort, SlotRecords> slots = [];

    /// <summary>Slots of which this member is a tracker.</summary>
    public SlotSet Mine { get; } = new();

    /// <summary>Those of them whose records were copied, or had nobody to be copied from.</summary>
    public SlotSet Warm { get; } = new();

    public int RecordCount { get; private set; }

    public SlotRecords? Find(ushort slot) => slots.GetValueOrDefault(slot);

    /// <summary>Takes a record if it is news and there is room.</summary>
    public bool Put(in TrackedRecord record)
    {
        if (RecordCount >= MaximumRecords)
        {
            return false;
        }

        if (!slots.TryGetValue(record.Key.Slot, out var slot))
        {
            slots[record.Key.Slot] = slot = new SlotRecords();
        }

        var before = slot.Count;
        var taken = slot.Put(record);
        RecordCount += slot.Count - before;
        return taken;
    }

    /// <summary>Begins to track a slot, with what is left of it from last time if that was lost after <paramref name="lostAfter"/>.</summary>
    public void Gain(ushort slot, long lostAfter)
    {
        Mine.Add(slot);
        if (slots.TryGetValue(slot, out var records))
        {
            RecordCount -= records.LostAt != 0 && records.LostAt < lostAfter ? records.RemoveWhere(static _ => true) : 0;
            records.LostAt = 0;
        }
    }

    public void Lose(ushort slot, long now)
    {
        Mine.Remove(slot);
        Warm.Remove(slot);
        if (slots.TryGetValue(slot, out var records))
        {
            records.LostAt = now;
        }
    }

    /// <summary>Count and sum over the live records of one owner in the slots tracked.</summary>
    public (uint Count, ulong Sum) Summarize(ulong owner)
    {
        uint count = 0;
        ulong sum = 0;
        foreach (var (slot, records) in slots)
        {
            if (!Mine.Contains(slot))
            {
                continue;
            }

            foreach (ref readonly var record in records.All)
            {
                if (record.Owner == owner && record.IsLive)
                {
                    count++;
                    sum += Core.Mix.Of(record.Key.Second);
                }
            }
        }

        return (count, sum);
    }

    /// <summary>Those of the owners that have records here, and whether any of them is in a slot tracked.</summary>
    public Dictionary<ulong, bool> FindOwners(HashSet<ulong> wanted)
    {
        var found = new Dictionary<ulong, bool>();
        foreach (var (slot, records) in slots)
        {
            foreach (ref readonly var record in records.All)
            {
                if (wanted.Contains(record.Owner))
                {
                    found[record.Owner] = found.GetValueOrDefault(record.Owner) || Mine.Contains(slot);
                }
            }
        }

        return found;
    }

    /// <summary>Makes tombstones of one owner's records in the slots tracked: dropped, they would come back from a co-tracker.</summary>
    public void Bury(ulong owner, uint second)
    {
        foreach (var (slot, records) in slots)
        {
            if (Mine.Contains(slot))
            {
                records.Bury(owner, second);
            }
        }
    }

    /// <summary>Drops what is obsolete, and whole slots lost before <paramref name="lostBefore"/>.</summary>
    public void Purge(long lostBefore, Func<TrackedRecord, bool> isObsolete)
    {
        foreach (var (slot, records) in slots)
        {
            RecordCount -= records.LostAt != 0 && records.LostAt < lostBefore
                ? records.RemoveWhere(static _ => true)
                : records.RemoveWhere(isObsolete);
            if (records.Count == 0)
            {
                slots.Remove(slot);
            }
        }
    }
}
