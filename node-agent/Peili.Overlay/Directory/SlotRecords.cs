namespace Peili.Overlay.Directory;

/// <summary>The records of one slot, sorted by key and owner, with the count and sum that co-trackers compare.</summary>
internal sealed class SlotRecords
{
    private TrackedRecord[] records = [];

    public int Count { get; private set; }

    /// <summary>Records that are not tombstones.</summary>
    public uint LiveCount { get; private set; }

    public ulong Sum { get; private set; }

    /// <summary>Since when this member does not track the slot any more, in ticks; 0 while it does.</summary>
    public long LostAt { get; set; }

    public ReadOnlySpan<TrackedRecord> All => records.AsSpan(0, Count);

    /// <summary>Takes a record unless a newer one of the same owner and key is there.</summary>
    public bool Put(in TrackedRecord record)
    {
        var at = Find(record.Key, record.Owner);
        if (at < Count && records[at].CompareTo(record.Key, record.Owner) == 0)
        {
            if (!record.IsNewerThan(records[at]))
            {
                return false;
            }

            Account(records[at], -1);
            records[at] = record;
            Account(record, 1);
            return true;
        }

        if (Count == records.Length)
        {
            Array.Resize(ref records, Count + Math.Max(4, Count / 4));
        }

        records.AsSpan(at, Count++ - at).CopyTo(records.AsSpan(at + 1));
        records[at] = record;
        Account(record, 1);
        return true;
    }

    /// <summary>All records of a key, live and withdrawn.</summary>
    public ReadOnlySpan<TrackedRecord> Of(DirectoryKey key)
    {
        var first = Find(key, 0);
        var end = first;
        while (end < Count && records[end].Key == key)
        {
            end++;
        }

        return records.AsSpan(first..end);
    }

    /// <summary>Makes tombstones of an owner's records.</summary>
    public void Bury(ulong owner, uint second)
    {
        foreach (ref var record in records.AsSpan(0, Count))
        {
            if (record.Owner == owner && record.IsLive)
            {
                Account(record, -1);
                record.WithdrawnAt = second;
                Account(record, 1);
            }
        }
    }

    public int RemoveWhere(Func<TrackedRecord, bool> isObsolete)
    {
        var kept = 0;
        for (var at = 0; at < Count; at++)
        {
            if (isObsolete(records[at]))
            {
                Account(records[at], -1);
            }
            else
            {
                records[kept++] = records[at];
            }
        }

        var removed = Count - kept;
        Count = kept;
        return removed;
    }

    private int Find(DirectoryKey key, ulong owner)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (records[middle].CompareTo(key, owner) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Account(in TrackedRecord record, int sign)
    {
        LiveCount = (uint)(LiveCount + (record.IsLive ? sign : 0));
        Sum += (ulong)sign * record.Fingerprint;
    }
}
