namespace Peili.Overlay.ColdStart;

/// <summary>
/// What a tracker knows of one blob's fetch, and how it gives out the roles: origins fetch from upstream, and all others form a tree below
/// them and below those that hold the blob. Times are the member's ticks.
/// </summary>
internal sealed class Fetch
{
    private readonly Dictionary<ulong, Participant> participants = [];

    // By ordinal, both.
    private readonly List<Participant> origins = [];
    private readonly List<Participant> children = [];
    private uint lastOrdinal;
    private long gatherUntil = long.MinValue / 2;
    private long escapedAt = long.MinValue / 2;
    private Participant? escaped;

    public int Count => participants.Count;

    public IReadOnlyList<Participant> Origins => origins;

    /// <summary>Whether a member takes part.</summary>
    public bool Has(ulong member) => participants.ContainsKey(member);

    /// <summary>Takes a member in, or finds it.</summary>
    public Participant Join(ulong member, long now)
    {
        if (!participants.TryGetValue(member, out var participant))
        {
            participant = new Participant(member, ++lastOrdinal) { JoinedAt = now };
            participants.Add(member, participant);
            children.Add(participant);
        }

        return participant;
    }

    /// <summary>The member has the blob, or has given up.</summary>
    public void Leave(ulong member)
    {
        if (participants.Remove(member, out var participant))
        {
            (participant.IsOrigin ? origins : children).Remove(participant);
        }
    }

    /// <summary>Gives a member its role.</summary>
    /// <param name="me">Who asks.</param>
    /// <param name="question">What it asks.</param>
    /// <param name="holders">How many other members hold the blob.</param>
    /// <param name="now">In ticks.</param>
    public FetchRole Decide(Participant me, in GrantRequest question, int holders, long now)
    {
        // Heard first: who asks does not lapse.
        me.HeardAt = now;
        Lapse(now);
        var isRepeated = me.IsOrigin && me.Request == question.Request && question.Reason != GrantReason.SourceLost;
        me.Mark = question.Offset;
        me.Request = question.Request;
        if (isRepeated)
        {
            return FetchRole.Origin;
        }

        if (question.Reason == GrantReason.Escape)
        {
            return Escape(me, now);
        }

        if (question.IsSmall)
        {
            return DecideSmall(me, holders, now);
        }

        if (holders > 0 || HasOriginFor(me, question))
        {
            SetOrigin(me, false);
            return FetchRole.Child;
        }

        if (question.Reason == GrantReason.SourceLost && question.Offset > 0 && !me.IsOrigin)
        {
            return Gather(me, now);
        }

        return !me.IsOrigin && question.Load > 0 && now - me.JoinedAt < ColdStartLimits.LoadedWait.Ticks ? FetchRole.Wait : MakeOrigin(me);
    }

    /// <summary>Whether as many as may be have been told of a small blob's holders.</summary>
    public bool IsWaveFull(int holders, long now)
    {
        var told = 0;
        foreach (var child in children)
        {
            told += child.ToldAt != 0 && now - child.ToldAt < ColdStartLimits.WavePatience.Ticks ? 1 : 0;
        }

        return told >= holders * (long)ColdStartLimits.Wave;
    }

    /// <summary>The next member that waits for a small blob; null for none.</summary>
    public Participant? NextWaiting() => children.Find(static child => child.Waiting != 0);

    /// <summary>
    /// Whom a child may stream from: its place in a tree in which each has <see cref="ColdStartLimits.PlannedChildren"/>, its neighbours there,
    /// and at last the root; of two children of one that dies each goes to another neighbour. Holders, which are the tracker's to choose, come before them all.
    /// </summary>
    /// <param name="me">The child.</param>
    /// <param name="holders">How many hold the blob.</param>
    /// <param name="isUsable">Whether a member can be asked at all.</param>
    /// <param name="sources">Filled; what is left over is not.</param>
    /// <returns>How many there are; none, when its place is below a holder.</returns>
    public int ChooseSources(Participant me, int holders, Func<ulong, bool> isUsable, Span<ulong> sources)
    {
        var rank = RankOf(me);
        var place = (rank / ColdStartLimits.PlannedChildren) - holders;
        if (place < 0)
        {
            return 0;
        }

        var found = 0;
        var root = origins.Find(origin => origin != me && isUsable(origin.Member));
        var wanted = sources.Length - (root is null ? 0 : 1);
        // Otherwise both would go to the same one, which then has four while others have two.
        var step = 1 + (rank % ColdStartLimits.PlannedChildren);
        for (var at = Math.Min(place - origins.Count, rank - 1); at >= 0 && found < wanted; at -= step)
        {
            if (isUsable(children[at].Member))
            {
                sources[found++] = children[at].Member;
            }
        }

        // Below the first origins, any of them will do; they take turns.
        for (var at = 0; at < origins.Count && found < wanted && place < origins.Count; at++)
        {
            var origin = origins[(place + at) % origins.Count];
            if (origin != me && origin != root && isUsable(origin.Member))
            {
                sources[found++] = origin.Member;
            }
        }

        if (root is not null)
        {
            sources[found++] = root.Member;
        }

        return found;
    }

    /// <summary>An origin says how far it is; or says for the first time that it is one.</summary>
    public void Report(ulong member, long mark, long now)
    {
        var participant = Join(member, now);
        participant.Mark = Math.Max(participant.Mark, mark);
        SetOrigin(participant, true);
        participant.HeardAt = now;
    }

    /// <summary>Forgets origins whose lease is over, and children that have been silent for long.</summary>
    public void Lapse(long now)
    {
        for (var at = origins.Count - 1; at >= 0; at--)
        {
            if (now - origins[at].HeardAt > ColdStartLimits.Lease.Ticks)
            {
                Leave(origins[at].Member);
            }
        }

        for (var at = children.Count - 1; at >= 0; at--)
        {
            if (now - children[at].HeardAt > ColdStartLimits.ForgetChild.Ticks)
            {
                Leave(children[at].Member);
            }
        }
    }

    private static bool IsPreferred(in GrantRequest question, Participant origin) =>
        question.Reason == GrantReason.First && question.Offset > 0 && origin.Mark == 0;

    private bool HasOriginFor(Participant me, in GrantRequest question)
    {
        foreach (var origin in origins)
        {
            if (origin != me && !IsPreferred(question, origin))
            {
                return true;
            }
        }

        return false;
    }

    private FetchRole DecideSmall(Participant me, int holders, long now)
    {
        if (holders > 0)
        {
            SetOrigin(me, false);
            me.ToldAt = 0;
            if (IsWaveFull(holders, now))
            {
                return FetchRole.Wait;
            }

            me.ToldAt = now;
            return FetchRole.Child;
        }

        return origins.Exists(origin => origin != me) ? FetchRole.Wait : MakeOrigin(me);
    }

    private FetchRole Escape(Participant me, long now)
    {
        if (now - escapedAt < ColdStartLimits.EscapeEvery.Ticks || HasEscapedInVain())
        {
            return FetchRole.Denied;
        }

        escapedAt = now;
        escaped = me;
        foreach (var origin in origins)
        {
            origin.MarkBefore = origin.Mark;
        }

        return MakeOrigin(me);
    }

    /// <summary>Whether who left a slow origin last gets hardly more: then upstream is what is slow, and one more origin makes it slower for all.</summary>
    private bool HasEscapedInVain()
    {
        var gained = escaped is not null && origins.Contains(escaped) ? escaped.Mark - escaped.MarkBefore : 0;
        return gained > 0 && origins.Exists(origin => origin != escaped && gained < (origin.Mark - origin.MarkBefore) * ColdStartLimits.EscapeGain);
    }

    /// <summary>The origin is gone: of those that lost it, the one that has most goes on. All are given a moment to say how much they have.</summary>
    private FetchRole Gather(Participant me, long now)
    {
        me.LostAt = now;
        if (now - gatherUntil > ColdStartLimits.GatherStale.Ticks)
        {
            gatherUntil = now + ColdStartLimits.Gather.Ticks;
        }

        if (now < gatherUntil)
        {
            return FetchRole.Wait;
        }

        foreach (var other in children)
        {
            if (other.LostAt != 0 && now - other.LostAt < ColdStartLimits.GatherStale.Ticks && other.Mark > me.Mark)
            {
                return FetchRole.Wait;
            }
        }

        return MakeOrigin(me);
    }

    private FetchRole MakeOrigin(Participant me)
    {
        SetOrigin(me, true);
        me.LostAt = 0;
        return FetchRole.Origin;
    }

    private void SetOrigin(Participant participant, bool isOrigin)
    {
        if (participant.IsOrigin != isOrigin)
        {
            (isOrigin ? children : origins).Remove(participant);
            participant.IsOrigin = isOrigin;
            participant.MarkBefore = participant.Mark;
            var list = isOrigin ? origins : children;
            var at = list.FindIndex(other => other.Ordinal > participant.Ordinal);
            list.Insert(at < 0 ? list.Count : at, participant);
        }
    }

    private int RankOf(Participant child)
    {
        var low = 0;
        var high = children.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (children[middle].Ordinal < child.Ordinal)
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
}
