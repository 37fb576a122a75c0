using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>Dissemination: SWIM, 4.1, with gossip rounds of its own as memberlist has them, begun at once by fresh news.</summary>
internal sealed partial class MemberCore
{
    private const int FanOut = 3;
    private const int LeaveRounds = 4;
    private const int LeaveFanOut = 8;

    /// <summary>What rides on a probe or its answer.</summary>
    private const int PiggybackBytes = 256;

    /// <summary>News younger than this is on its way to whoever has not got it; no need to tell it to them one by one.</summary>
    private static readonly long OnItsWay = TimeSpan.FromSeconds(2).Ticks;

    private long gossipDue = long.MaxValue;
    private long lastGossip;
    private int[] picked = new int[LeaveFanOut];

    /// <summary>How often each member sends a piece of news: 16 at 1,000 members (Serf's 4 log N).</summary>
    private int Transmissions => 4 * (int)Math.Ceiling(Math.Log10(view.LiveCount + 1));

    /// <summary>Changes a member's state, and everything that hangs on it.</summary>
    private void Change(int member, uint incarnation, MemberState state, MemberStatus status, bool withRecord)
    {
        ref var entry = ref view[member];
        var before = entry.State;
        if (before == MemberState.Dead && state == MemberState.Alive)
        {
            // Each of the two may have taken the other for dead, and have missed withdrawals.
            entry.Flags |= MemberFlags.Unconfirmed;
            ConfirmTo(member);
        }

        if (state != MemberState.Suspect)
        {
            suspicions.Remove(member);
        }

        view.Set(member, incarnation, state, status, now);
        FollowPlacement(member);
        Publish(member, withRecord);
        if (before != state)
        {
            StateChanged?.Invoke(entry.Record, before, state);
        }
    }

    private void Publish(int member, bool withRecord)
    {
        if (isMergingMany && member != Self)
        {
            return; // a whole view at once spreads by pushes and pulls
        }

        news.Put(ref view[member], member, withRecord, now);
        lastNews = now;
        ScheduleGossip();
    }

    private void ScheduleGossip()
    {
        var due = Math.Max(now + Timing.GossipGather.Ticks, lastGossip + Timing.GossipPeriod.Ticks);
        if (due < gossipDue)
        {
            gossipDue = due;
            timers.Add(due, TimerKind.Gossip);
        }
    }

    private void Gossip(long due)
    {
        if (due != gossipDue)
        {
            return; // an earlier round was scheduled after this one, and has run
        }

        gossipDue = long.MaxValue;
        SendNews(FanOut);
        if (news.Count > 0 && !IsAlone)
        {
            gossipDue = now + Timing.GossipPeriod.Ticks;
            timers.Add(gossipDue, TimerKind.Gossip);
        }
    }

    private void SendNews(int fanOut)
    {
        lastGossip = now;
        var targets = 0;
        for (var attempt = 0; attempt < fanOut * 2 && targets < fanOut; attempt++)
        {
            var target = view.Choose(ref choice, Self, default(LiveMembers));
            if (target >= 0 && !picked.AsSpan(0, targets).Contains(target))
            {
                picked[targets++] = target;
            }
        }

        var datagram = new Datagram();
        var count = targets == 0 ? 0 : Fill(datagram, MaximumMessage);
        if (count == 0)
        {
            return; // nobody to tell, or all of it has ridden along with probes
        }

        var length = Encode(datagram);
        for (var target = 0; target < targets; target++)
        {
            SendEncoded(view[picked[target]].Record.Address, view[picked[target]].Session, length, isIntroduction: false);
        }

        CountSent(count, targets);
    }

    /// <summary>Lets waiting news ride along, that of <paramref name="about"/> in any case.</summary>
    private void AddNews(Datagram datagram, int about)
    {
        if (about >= 0)
        {
            AddRow(memory.News, about, withRecord: false, asSuspicion: false);
            datagram.News = memory.News.Finish();
        }
        else if (news.Count > 0)
        {
            CountSent(Fill(datagram, PiggybackBytes), 1);
        }
    }

    private int Fill(Datagram datagram, int room)
    {
        news.Sort();
        var used = 16; // tags and lengths of the columns
        var count = 0;
        foreach (ref var item in news.Items)
        {
            used += RowSize(item);
            if (used > room || count == Limits.NewsRows)
            {
                break;
            }

            AddRow(memory.News, item.Member, item.WithRecord, asSuspicion: false);
            count++;
        }

        datagram.News = count > 0 ? memory.News.Finish() : null;
        return count;
    }

    private void CountSent(int count, int members)
    {
        var limit = Transmissions;
        foreach (ref var item in news.Items[..count])
        {
            if (item.Sent + members >= limit && now - item.QueuedAt > counters.LongestNewsQueued.Ticks)
            {
                counters.LongestNewsQueued = TimeSpan.FromTicks(now - item.QueuedAt);
            }
        }

        news.CountSent(count, members, limit, view);
    }

    private int RowSize(in NewsQueue.Item item) =>
        8 + 5 + 1 + (item.WithRecord ? view[item.Member].Record.Encoded.Length + 3 : 1 + (4 * Suspicion.MaximumReporters));

    private void AddRow(NewsWriter rows, int member, bool withRecord, bool asSuspicion)
    {
        ref var entry = ref view[member];
        var claim = ClaimOf(entry.State, withRecord);
        if (asSuspicion && claim == Claim.Dead)
        {
            claim = Claim.Suspect;
        }

        rows.Add(entry.Session, entry.Incarnation, claim, entry.Status);
        if (claim == Claim.Joined)
        {
            rows.AddRecord(entry.Record.Encoded);
        }
        else if (claim == Claim.Suspect)
        {
            var suspicion = suspicions.GetValueOrDefault(member);
            rows.AddReporters(suspicion is null ? [(uint)SelfRecord.Session] : suspicion.Reporters);
        }
    }

    /// <summary>Takes what a peer says of members; false when the rows are not well formed.</summary>
    private bool ApplyNews(News rows, int teller)
    {
        if (rows.Session.Count != rows.Incarnation.Count || rows.Session.Count != rows.Kind.Length)
        {
            return false;
        }

        var reader = new NewsReader(rows);
        NewsWriter? correction = null;
        while (reader.TryRead(out var row))
        {
            if (!ApplyRow(row, teller, out var stale))
            {
                return false;
            }

            if (stale >= 0 && teller >= 0)
            {
                AddCorrection(ref correction, stale);
            }
        }

        if (reader.IsBroken)
        {
            return false;
        }

        if (correction is not null && view[teller].Record is not null)
        {
            Send(teller, new Datagram { News = correction.Finish() });
        }

        return true;
    }

    /// <summary>A stale claim is answered with the newer incarnation, unless that is on its way anyway.</summary>
    private void AddCorrection(ref NewsWriter? correction, int member)
    {
        const int mostCorrections = 2; // two rows with records of 512 bytes still fit
        correction ??= new NewsWriter();
        if (correction.Count < mostCorrections && !correction.Contains(view[member].Session))
        {
            AddRow(correction, member, withRecord: true, asSuspicion: true);
        }
    }

    private bool ApplyRow(in NewsReader.Row row, int teller, out int stale)
    {
        stale = -1;
        var member = view.FindSession(row.Session);
        if (member < 0)
        {
            if (row.Claim != Claim.Joined)
            {
                // News of somebody we never met: what we missed is in our peers' views.
                lacksMembers = true;
                return true;
            }

            if (!memory.TryRead(row.Record!, out var record) || record!.Session != row.Session)
            {
                return false;
            }

            stale = ApplyJoined(record, row.Incarnation, row.Status);
            return true;
        }

        if (member == Self)
        {
            Refute(row.Claim, row.Incarnation, teller);
            return true;
        }

        ref var entry = ref view[member];
        if (row.Incarnation < entry.Incarnation)
        {
            stale = row.Claim is Claim.Joined or Claim.Alive || now - entry.ChangedAt < OnItsWay ? -1 : member;
            return true;
        }

        switch (row.Claim)
        {
            case Claim.Joined or Claim.Alive:
                stale = ApplyAlive(member, row.Incarnation, row.Status, teller);
                break;
            case Claim.Suspect:
                foreach (var reporter in row.Reporters)
                {
                    Suspect(member, row.Incarnation, reporter);
                }

                break;
            case Claim.Dead when entry.IsLive:
                Change(member, row.Incarnation, MemberState.Dead, entry.Status, withRecord: false);
                break;
            case Claim.Left when entry.State != MemberState.Left:
                Change(member, row.Incarnation, MemberState.Left, MemberStatus.Leaving, withRecord: false);
                break;
        }

        return true;
    }

    private static Claim ClaimOf(MemberState state, bool withRecord) => state switch
    {
        MemberState.Alive => withRecord ? Claim.Joined : Claim.Alive,
        MemberState.Suspect => Claim.Suspect,
        MemberState.Dead => Claim.Dead,
        _ => Claim.Left,
    };
}
