using Peili.Overlay.Membership;

namespace Peili.Overlay.Core;

/// <summary>Suspicion (SWIM, 4.2) with confirmations (Lifeguard, IV.B) and a last word.</summary>
internal sealed partial class MemberCore
{
    private const int WantedConfirmations = 3;

    /// <summary>So many members probe a suspect at once: soon there are confirmations, or a refutation.</summary>
    private const int SecondOpinions = 8;

    private readonly Dictionary<int, Suspicion> suspicions = [];

    private void Suspect(int member, uint incarnation, uint reporter)
    {
        ref var entry = ref view[member];
        if (incarnation < entry.Incarnation || !entry.IsLive)
        {
            return;
        }

        if (entry.State == MemberState.Alive)
        {
            Begin(member, incarnation, reporter);
        }
        else if (suspicions.TryGetValue(member, out var suspicion) && suspicion.TryConfirm(reporter))
        {
            // Half the transmissions do: who misses a confirmation waits longer, no more.
            news.Put(ref entry, member, withRecord: false, now, Transmissions / 2);
            ScheduleGossip();
            timers.Add(suspicion.Deadline, TimerKind.Suspicion, (uint)member);
        }
    }

    private void Begin(int member, uint incarnation, uint reporter)
    {
        counters.Suspicions++;
        var shortest = TimeSpan.FromTicks((long)(Timing.ShortestSuspicion.Ticks * Math.Max(1, Math.Log10(view.LiveCount) / 3)));
        var wanted = Math.Min(WantedConfirmations, view.LiveCount - 3);
        var suspicion = new Suspicion(member, now, wanted, shortest, shortest * Timing.LongestSuspicionFactor);
        suspicion.TryConfirm(reporter);
        suspicions[member] = suspicion;
        Change(member, incarnation, MemberState.Suspect, view[member].Status, withRecord: false);
        timers.Add(suspicion.Deadline, TimerKind.Suspicion, (uint)member);
        if (reporter != (uint)SelfRecord.Session && choice.Below(view.LiveCount) < SecondOpinions)
        {
            StartProbe(member);
        }
    }

    private void ReviewSuspicion(int member)
    {
        if (!suspicions.TryGetValue(member, out var suspicion))
        {
            return;
        }

        var due = suspicion.LastWordDue == 0 ? suspicion.Deadline : suspicion.LastWordDue;
        if (now < due)
        {
            timers.Add(due, TimerKind.Suspicion, (uint)member);
            return;
        }

        if (suspicion.LastWordDue == 0)
        {
            // Its refutation may have missed us, out of thousands of suspicions times thousands of members.
            suspicion.LastWordDue = now + Timing.LastWord.Ticks;
            timers.Add(suspicion.LastWordDue, TimerKind.Suspicion, (uint)member);
            SendPing(member, ++probeNumber);
            return;
        }

        MarkDead(member, view[member].Incarnation);
    }

    private void MarkDead(int member, uint incarnation)
    {
        counters.Deaths++;
        Change(member, incarnation, MemberState.Dead, view[member].Status, withRecord: false);
    }
}
