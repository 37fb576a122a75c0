using Peili.Overlay.Core;

namespace Peili.Overlay.Membership;

/// <summary>
/// Everybody this member knows of, itself included, by index. An index stays with a name until the name is forgotten; 16 bits, since
/// the placement table holds 65,000 of them.
/// </summary>
internal sealed class MemberView
{
    /// <summary>More is refused: indexes are 16 bits wide, and the highest means nobody.</summary>
    public const int MaximumMembers = 60_000;

    public const int Buckets = 256;

    private readonly ulong[] buckets = new ulong[Buckets];
    private readonly List<ushort> free = [];
    private MemberEntry[] entries = new MemberEntry[16];
    private IndexTable byName = new(32, static (in MemberEntry entry) => entry.NameHash);
    private IndexTable bySession = new(32, static (in MemberEntry entry) => entry.Session);

    /// <summary>One more than the highest index in use.</summary>
    public int End { get; private set; }

    public int LiveCount { get; private set; }

    /// <summary>Members known, dead ones included.</summary>
    public int Count => End - free.Count;

    /// <summary>One number for the whole view: equal in two members that agree.</summary>
    public uint Hash { get; private set; }

    public ref MemberEntry this[int index] => ref entries[index];

    public uint BucketHash(int bucket) => (uint)(buckets[bucket] ^ (buckets[bucket] >> 32));

    public static int BucketOf(ulong nameHash) => (int)(nameHash >> 56);

    public int FindName(ulong nameHash) => byName.Find(entries, nameHash);

    public int FindSession(ulong session) => bySession.Find(entries, session);

    /// <summary>Adds a name that is not there; -1 when the view is full.</summary>
    public int Add(MemberRecord record, uint incarnation, MemberState state, MemberStatus status, long now)
    {
        if (Count >= MaximumMembers)
        {
            return -1;
        }

        int index;
        if (free.Count > 0)
        {
            index = free[^1];
            free.RemoveAt(free.Count - 1);
        }
        else
        {
            index = End++;
            if (index == entries.Length)
            {
                // By a quarter: a view of thousands stays close to its size.
                Array.Resize(ref entries, index + Math.Max(16, index / 4));
            }
        }

        entries[index] = new MemberEntry
        {
            Record = record,
            NameHash = record.NameHash,
            Session = record.Session,
            Incarnation = incarnation,
            State = state,
            Status = status,
            ChangedAt = now,
        };
        byName.Insert(entries, index, Count);
        bySession.Insert(entries, index, Count);
        Account(index, 0);
        LiveCount += entries[index].IsLive ? 1 : 0;
        return index;
    }

    /// <summary>A new start of a known name: its session, counters and what we knew of its links begin anew.</summary>
    public void Replace(int index, MemberRecord record, uint incarnation, MemberState state, MemberStatus status, long now)
    {
        ref var entry = ref entries[index];
        var before = entry.Fingerprint;
        var wasLive = entry.IsLive;
        bySession.Remove(entries, index);
        entry.Record = record;
        entry.Session = record.Session;
        entry.Incarnation = incarnation;
        entry.State = state;
        entry.Status = status;
        entry.Flags &= MemberFlags.Queued;
        entry.ChangedAt = now;
        entry.Replay = default;
        bySession.Insert(entries, index, Count);
        Account(index, before);
        LiveCount += (entry.IsLive ? 1 : 0) - (wasLive ? 1 : 0);
    }

    public void Set(int index, uint incarnation, MemberState state, MemberStatus status, long now)
    {
        ref var entry = ref entries[index];
        var before = entry.Fingerprint;
        var wasLive = entry.IsLive;
        entry.ChangedAt = entry.State == state ? entry.ChangedAt : now;
        entry.Incarnation = incarnation;
        entry.State = state;
        entry.Status = status;
        Account(index, before);
        LiveCount += (entry.IsLive ? 1 : 0) - (wasLive ? 1 : 0);
    }

    public void Remove(int index)
    {
        var before = entries[index].Fingerprint;
        LiveCount -= entries[index].IsLive ? 1 : 0;
        byName.Remove(entries, index);
        bySession.Remove(entries, index);
        var bucket = BucketOf(entries[index].NameHash);
        entries[index] = default;
        Account(bucket, before, 0);
        free.Add((ushort)index);
    }

    /// <summary>Becomes a copy of another view.</summary>
    public void CopyFrom(MemberView other)
    {
        entries = other.entries.AsSpan(0, other.End).ToArray();
        other.buckets.CopyTo(buckets, 0);
        byName = other.byName.Copy();
        bySession = other.bySession.Copy();
        (End, LiveCount, Hash) = (other.End, other.LiveCount, other.Hash);
        free.Clear();
        free.AddRange(other.free);
    }

    /// <summary>A member chosen evenly among those that the filter takes, other than <paramref name="except"/>; -1 if none was met.</summary>
    public int Choose<TFilter>(ref Choice choice, int except, TFilter filter)
        where TFilter : struct, IMemberFilter
    {
        if (End == 0)
        {
            return -1;
        }

        for (var attempt = 0; attempt < 8; attempt++)
        {
            var index = choice.Below(End);
            if (index != except && entries[index].Record is not null && filter.Takes(entries[index]))
            {
                return index;
            }
        }

        var start = choice.Below(End);
        for (var step = 0; step < End; step++)
        {
            var index = start + step < End ? start + step : start + step - End;
            if (index != except && entries[index].Record is not null && filter.Takes(entries[index]))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The live member so many places after this one on the ring of name hashes; -1 on a shorter ring.</summary>
    public int FindSuccessor(int index, int places)
    {
        var found = -1;
        var reached = 0UL;
        for (var place = 0; place < places; place++)
        {
            found = -1;
            var nearest = ulong.MaxValue;
            for (var candidate = 0; candidate < End; candidate++)
            {
                var distance = entries[candidate].NameHash - entries[index].NameHash;
                if (distance > reached && distance <= nearest && entries[candidate].IsLive)
                {
                    (found, nearest) = (candidate, distance);
                }
            }

            reached = nearest;
        }

        return found;
    }

    private void Account(int index, ulong before) => Account(BucketOf(entries[index].NameHash), before, entries[index].Fingerprint);

    private void Account(int bucket, ulong before, ulong after)
    {
        Hash -= BucketHash(bucket);
        buckets[bucket] += after - before;
        Hash += BucketHash(bucket);
    }
}
