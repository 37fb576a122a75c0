using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>What happens once a second.</summary>
internal sealed partial class MemberCore
{
    private const int PurgePeriod = 30;
    private const int ForgetPeriod = 60;
    private const int RemindersPerSecond = 50;

    /// <summary>Owners confirm by themselves within this time of a refutation; then they are reminded.</summary>
    private static readonly long ConfirmsByItself = TimeSpan.FromSeconds(8).Ticks;

    private readonly HashSet<ulong> unconfirmedOwners = [];
    private int second;
    private int avoidedCount;

    /// <summary>Owners that had to be asked to confirm their records.</summary>
    public long Reminders { get; private set; }

    private void KeepHouse()
    {
        second++;
        challengesLeft = ChallengesPerSecond;
        deathsToTell = DeathsToldPerSecond;
        CompareSlots(second % (int)Timing.CompareSlots.TotalSeconds);
        if (second % (int)Timing.DeadRetry.TotalSeconds == 0)
        {
            TryDead();
        }

        if (second % PurgePeriod == 0)
        {
            Purge();
            fetches.Purge(now);
        }

        if (second % ForgetPeriod == 0)
        {
            ForgetGone();
        }

        Review();
        timers.Add(now + Timing.Housekeeping.Ticks, TimerKind.Housekeeping);
    }

    /// <summary>A partition heals because somebody tries the other side.</summary>
    private void TryDead()
    {
        var dead = view.Choose(ref choice, Self, default(DeadMembers));
        if (dead >= 0)
        {
            SendPing(dead, ++probeNumber);
        }
    }

    private void Review()
    {
        avoidedCount = 0;
        unconfirmedOwners.Clear();
        for (var member = 0; member < view.End; member++)
        {
            ref var entry = ref view[member];
            if (entry.IsLive && entry.Flags.HasFlag(MemberFlags.Avoided))
            {
                avoidedCount++;
                if (member % (int)Timing.DeadRetry.TotalSeconds == second % (int)Timing.DeadRetry.TotalSeconds)
                {
                    CheckAvoided(member);
                }
            }

            if (entry.IsLive && entry.Flags.HasFlag(MemberFlags.Unconfirmed))
            {
                unconfirmedOwners.Add(entry.NameHash);
            }
        }

        if (unconfirmedOwners.Count > 0)
        {
            RemindUnconfirmed();
        }
    }

    /// <summary>
    /// Owners that have no record here have nothing to confirm. Of those that have, none comes unless this member tracks it; and who
    /// should come, and does not by itself, is reminded.
    /// </summary>
    private void RemindUnconfirmed()
    {
        var known = tracked.FindOwners(unconfirmedOwners);
        var reminders = RemindersPerSecond;
        foreach (var owner in unconfirmedOwners)
        {
            var member = view.FindName(owner);
            ref var entry = ref view[member];
            if (!known.TryGetValue(owner, out var isTracked))
            {
                entry.Flags &= ~MemberFlags.Unconfirmed;
            }
            else if (isTracked && now - entry.ChangedAt > ConfirmsByItself && reminders-- > 0)
            {
                // It need not know that it was dead to us: it may have refuted somebody else's suspicion.
                Reminders++;
                memory.News.Add(entry.Session, entry.Incarnation == 0 ? 0 : entry.Incarnation - 1, Claim.Dead, entry.Status);
                Send(member, new Datagram { News = memory.News.Finish() });
            }
        }
    }

    private void ForgetGone()
    {
        var deadKept = Math.Max(1024, view.LiveCount) - (view.Count - view.LiveCount);
        for (var member = 0; member < view.End; member++)
        {
            ref var entry = ref view[member];
            if (entry.Record is null || entry.IsLive || member == Self)
            {
                continue;
            }

            var age = now - entry.ChangedAt;
            var isOld = entry.State == MemberState.Left ? age > Timing.ForgetLeft.Ticks : age > Timing.ForgetDead.Ticks;
            if (isOld || (deadKept < 0 && age > Timing.KeepHidden.Ticks))
            {
                deadKept++;
                Forget(member);
            }
        }
    }

    private void Forget(int member)
    {
        news.Remove(member, view);
        suspicions.Remove(member);
        spreading.Remove(member);
        unconfirmed.Remove(member);
        view.Remove(member);
    }
}
