using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>Learning who is there: seeds, last known peers, claims of joiners.</summary>
internal sealed partial class MemberCore
{
    private const int SeedsAtOnce = 3;

    private TimeSpan joinRetry = Timing.JoinFirstRetry;
    private int joinsUnderWay;
    private bool hasJoined;

    private bool IsAlone => view.LiveCount == 1;

    /// <summary>Others may be known from their datagrams before a single one has answered a pull; until then this member is not in.</summary>
    private bool IsSeeking => IsAlone || !hasJoined;

    /// <summary>Set by the node: resolves seeds and comes back with <see cref="JoinThrough"/>, on whatever thread.</summary>
    public Action? ResolveSeeds { get; set; }

    private void Join()
    {
        if (SupersededBy is null)
        {
            ResolveSeeds?.Invoke();
        }
    }

    /// <summary>Pulls the view from some of these addresses, chosen at random: joiners must not all fall upon one.</summary>
    public void JoinThrough(IReadOnlyList<PeerAddress> seeds)
    {
        if (!IsActive)
        {
            return;
        }

        var candidates = new HashSet<PeerAddress>(seeds);
        if (IsSeeking)
        {
            candidates.UnionWith(options.KnownPeers);
            candidates.UnionWith(LiveAddresses());
        }
        else
        {
            candidates.ExceptWith(LiveAddresses());
        }

        candidates.Remove(options.AdvertiseAddress);
        var chosen = candidates.ToArray();
        for (var count = 0; count < Math.Min(IsSeeking ? SeedsAtOnce : 1, chosen.Length); count++)
        {
            var at = count + choice.Below(chosen.Length - count);
            (chosen[count], chosen[at]) = (chosen[at], chosen[count]);
            joinsUnderWay++;
            PullEverything(chosen[count], SeedsAtOnce);
        }

        if (joinsUnderWay == 0)
        {
            SettleAlone();
        }

        joinRetry = IsSeeking ? joinRetry : Timing.SeedCheck;
        timers.Add(now + (joinRetry.Ticks / 2) + choice.Below(joinRetry), TimerKind.Join);
        joinRetry = joinRetry * 2 < Timing.JoinLongestRetry ? joinRetry * 2 : Timing.JoinLongestRetry;
    }

    private IEnumerable<PeerAddress> LiveAddresses()
    {
        for (var member = 0; member < view.End; member++)
        {
            if (view[member].IsLive)
            {
                yield return view[member].Record.Address;
            }
        }
    }

    /// <summary>Pull first, then tell: what the cluster knows of our last start decides the status that we join with.</summary>
    private void PullEverything(PeerAddress seed, int attemptsLeft) =>
        Call(seed, new BulkRequest { Sync = new SyncRequest() }, Timing.SyncTimeout, reply =>
        {
            if (reply?.Sync is not { } answer)
            {
                EndJoin(null, seed);
            }
            else if (!answer.Busy)
            {
                EndJoin(answer, seed);
            }
            else if (attemptsLeft > 0 && ChooseInstead(answer) is { } other)
            {
                PullEverything(other, attemptsLeft - 1);
            }
            else
            {
                EndJoin(null, seed);
            }
        });

    private PeerAddress? ChooseInstead(SyncReply busy)
    {
        if (busy.Instead.Count == 0 || !memory.TryRead(busy.Instead[choice.Below(busy.Instead.Count)], out var record))
        {
            return null;
        }

        return record!.Address;
    }

    private void EndJoin(SyncReply? answer, PeerAddress seed)
    {
        joinsUnderWay--;
        if (answer is null)
        {
            if (joinsUnderWay == 0 && !hasJoined)
            {
                SettleAlone();
            }

            return;
        }

        NoteFormerStart(answer);
        Merge(answer, -1);
        Settle();
        if (!hasJoined)
        {
            CoolDown();
        }

        hasJoined = true;
        joinRetry = Timing.JoinFirstRetry;
        AddRow(memory.News, Self, withRecord: true, asSuspicion: false);
        Call(seed, new BulkRequest { Fetch = new FetchRequest { News = memory.News.Finish() } }, Timing.SyncTimeout, static _ => { });
        Publish(Self, withRecord: true);
    }

    /// <summary>A start that the cluster had not yet missed keeps its slots: no tracker changes for a short restart.</summary>
    private void NoteFormerStart(SyncReply answer)
    {
        for (var row = 0; row < answer.Session.Count && row < answer.RowRecord.Count && row < answer.State.Length; row++)
        {
            if (!memory.TryRead(answer.RowRecord[row], out var record) || record!.NameHash != SelfRecord.NameHash)
            {
                continue;
            }

            var (state, status) = ((MemberState)(answer.State[row] & 15), (MemberStatus)(answer.State[row] >> 4));
            if (!hasJoined && record.Session != SelfRecord.Session && state is MemberState.Alive or MemberState.Suspect
                && status is MemberStatus.Ready or MemberStatus.Returning)
            {
                view.Set(Self, view[Self].Incarnation, MemberState.Alive, MemberStatus.Returning, now);
            }
        }
    }

    /// <summary>Nobody there: what this node has is all there is, and it is ready.</summary>
    private void SettleAlone()
    {
        if (!hasJoined && IsAlone)
        {
            SetStatus(MemberStatus.Ready);
            for (var slot = 0; slot < DirectoryKey.Slots; slot++)
            {
                tracked.Warm.Add(slot);
            }
        }
    }

    /// <summary>Takes a member's record; says whose newer news the teller lacks, or -1.</summary>
    private int ApplyJoined(MemberRecord record, uint incarnation, MemberStatus status)
    {
        if (record.NameHash == SelfRecord.NameHash)
        {
            MeetOwnName(record);
            return record.Session == SelfRecord.Session || record.Epoch > Epoch ? -1 : Self;
        }

        var member = view.FindName(record.NameHash);
        if (member < 0)
        {
            member = view.Add(record, incarnation, MemberState.Alive, status, now);
            if (member >= 0)
            {
                FollowPlacement(member);
                Publish(member, withRecord: true);
                StateChanged?.Invoke(record, null, MemberState.Alive);
            }

            return -1;
        }

        ref var entry = ref view[member];
        if (entry.Session == record.Session)
        {
            return ApplyAlive(member, incarnation, status, -1);
        }

        if ((record.Epoch, record.Session).CompareTo((entry.Record.Epoch, entry.Session)) < 0)
        {
            return now - entry.ChangedAt < OnItsWay ? -1 : member;
        }

        var before = entry.State;
        if (placement.Contains(member) && (entry.Record.ZoneHash, entry.Record.Placement) != (record.ZoneHash, record.Placement))
        {
            placement.Remove(member);
        }

        suspicions.Remove(member);
        view.Replace(member, record, incarnation, MemberState.Alive, status, now);
        FollowPlacement(member);
        Publish(member, withRecord: true);
        StateChanged?.Invoke(record, before, MemberState.Alive);
        return -1;
    }

    /// <summary>Takes the word that a known session lives.</summary>
    private int ApplyAlive(int member, uint incarnation, MemberStatus status, int teller)
    {
        ref var entry = ref view[member];
        if (incarnation > entry.Incarnation)
        {
            Change(member, incarnation, MemberState.Alive, status, withRecord: false);
            return -1;
        }

        // The teller has not heard of the death; the member itself is told otherwise.
        var isNews = incarnation == entry.Incarnation && !entry.IsLive && member != teller && now - entry.ChangedAt > OnItsWay;
        return isNews ? member : -1;
    }

    private void FollowPlacement(int member)
    {
        ref var entry = ref view[member];

        // A warming member already counts itself: so it knows what to copy.
        var isPlaced = entry.IsPlaced || (member == Self && entry.IsLive);
        if (isPlaced == placement.Contains(member))
        {
            return;
        }

        if (isPlaced)
        {
            placement.Add(member, entry.NameHash, entry.Record.ZoneHash, entry.Record.Placement);
        }
        else
        {
            placement.Remove(member);
        }
    }
}
