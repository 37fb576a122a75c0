using Peili.Overlay.Directory;
using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>Lost messages heal: co-trackers compare slots every minute, owners and trackers slices every ten.</summary>
internal sealed partial class MemberCore
{
    private const int SummariesInDatagram = 64;
    private const int ConfirmPasses = 12;

    /// <summary>Members that may have taken this one for dead: as trackers they hide its records until its slice is confirmed.</summary>
    private readonly HashSet<int> unconfirmed = [];
    private int sliceStep;
    private int confirmStep;
    private int confirmPass;
    private bool isConfirming;

    /// <summary>One second's share of the slots of which this member is the first tracker: it tells the others what it holds.</summary>
    private void CompareSlots(int step)
    {
        var byPeer = new Dictionary<int, SlotSummary>();
        for (var slot = tracked.Mine.NextFrom(0); slot >= 0; slot = slot + 1 == DirectoryKey.Slots ? -1 : tracked.Mine.NextFrom(slot + 1))
        {
            if (slot % (int)Timing.CompareSlots.TotalSeconds != step || !tracked.Warm.Contains(slot)
                || tracked.Find((ushort)slot) is not { LiveCount: > 0 } records)
            {
                continue;
            }

            var trackers = placement.Of(slot);
            for (var place = 1; place < trackers.Count && trackers.First == Self; place++)
            {
                AddSummary(byPeer, trackers[place], slot, records);
            }
        }

        foreach (var (peer, summary) in byPeer)
        {
            Send(peer, new Datagram { SlotSummary = summary });
        }
    }

    private void AddSummary(Dictionary<int, SlotSummary> byPeer, int peer, int slot, SlotRecords? records)
    {
        if (!byPeer.TryGetValue(peer, out var summary))
        {
            byPeer[peer] = summary = new SlotSummary();
        }

        summary.Slot.Add((uint)slot);
        summary.Count.Add(records?.LiveCount ?? 0);
        summary.Sum.Add(records?.Sum ?? 0);
        if (summary.Slot.Count == SummariesInDatagram)
        {
            Send(peer, new Datagram { SlotSummary = summary });
            byPeer.Remove(peer);
        }
    }

    private bool HandleSlotSummary(int sender, SlotSummary summary)
    {
        if (summary.Slot.Count != summary.Count.Count || summary.Slot.Count != summary.Sum.Count
            || summary.Slot.Count > SummariesInDatagram)
        {
            return false;
        }

        var differing = new SlotCopyRequest();
        var answers = new Dictionary<int, SlotSummary>();
        for (var at = 0; at < summary.Slot.Count; at++)
        {
            var slot = summary.Slot[at];
            if (slot >= DirectoryKey.Slots)
            {
                return false;
            }

            var records = tracked.Find((ushort)slot);
            if (!tracked.Warm.Contains((int)slot) || ((records?.LiveCount ?? 0) == summary.Count[at] && (records?.Sum ?? 0) == summary.Sum[at]))
            {
                continue;
            }

            differing.Slot.Add(slot);
            if (placement.Of((int)slot).First == sender)
            {
                AddSummary(answers, sender, (int)slot, records);
            }
        }

        foreach (var answer in answers.Values)
        {
            Send(sender, new Datagram { SlotSummary = answer });
        }

        if (differing.Slot.Count > 0 && copying < CopiesAtOnce)
        {
            Copy(sender, differing);
        }

        return true;
    }

    private void CompareSlices()
    {
        sliceStep = (sliceStep + 1) % Timing.SliceSteps;
        foreach (var (tracker, slice) in SummarizeSlices(tracker => tracker % Timing.SliceSteps == sliceStep))
        {
            slice.Number = 0;
            Send(tracker, new Datagram { SliceSummary = slice });
        }

        timers.Add(now + Timing.SliceStep.Ticks, TimerKind.Slice);
    }

    /// <summary>Somebody took us for dead, and most will have heard it.</summary>
    private void ConfirmToAll()
    {
        for (var member = 0; member < view.End; member++)
        {
            if (view[member].IsLive && member != Self)
            {
                ConfirmTo(member);
            }
        }
    }

    private void ConfirmTo(int member)
    {
        unconfirmed.Add(member);
        confirmPass = 0;
        if (!isConfirming)
        {
            isConfirming = true;
            timers.Add(now + TimeSpan.TicksPerSecond, TimerKind.Confirm); // the refutation first
        }
    }

    /// <summary>
    /// One step's share of those who track something of ours. After a partition that is known only once the views agree, so the others
    /// stay due; and who is still to be told of a slot would find that it lacks it.
    /// </summary>
    private void ConfirmSlices()
    {
        foreach (var (tracker, slice) in SummarizeSlices(
            tracker => tracker % Timing.ConfirmSteps == confirmStep && unconfirmed.Contains(tracker) && !spreading.ContainsKey(tracker)))
        {
            slice.Confirm = true;
            Send(tracker, new Datagram { SliceSummary = slice });
        }

        confirmStep = (confirmStep + 1) % Timing.ConfirmSteps;
        confirmPass += confirmStep == 0 ? 1 : 0;
        if (confirmPass == ConfirmPasses)
        {
            unconfirmed.Clear(); // who is still in doubt will ask
        }

        isConfirming = unconfirmed.Count > 0;
        if (isConfirming)
        {
            timers.Add(now + Timing.ConfirmStep.Ticks, TimerKind.Confirm);
        }
    }

    private Dictionary<int, SliceSummary> SummarizeSlices(Func<int, bool> wanted)
    {
        var slices = new Dictionary<int, SliceSummary>();
        foreach (var slot in owned.Slots)
        {
            var trackers = placement.Of(slot);
            for (var place = 0; place < trackers.Count; place++)
            {
                if (trackers[place] == Self || !wanted(trackers[place]))
                {
                    continue;
                }

                if (!slices.TryGetValue(trackers[place], out var slice))
                {
                    slices[trackers[place]] = slice = new SliceSummary { PlacementHash = placement.Hash };
                }

                var (count, sum) = owned.Summarize(slot);
                slice.Count += count;
                slice.Sum += sum;
            }
        }

        return slices;
    }

    private void HandleSliceSummary(int sender, SliceSummary summary)
    {
        ref var owner = ref view[sender];
        var verdict = SliceVerdict.Later;
        if (summary.PlacementHash == placement.Hash)
        {
            var mine = tracked.Summarize(owner.NameHash);
            verdict = mine.Count == summary.Count && mine.Sum == summary.Sum ? SliceVerdict.Same : SliceVerdict.Different;
            owner.Flags &= ~MemberFlags.Unconfirmed;
            if (verdict == SliceVerdict.Different)
            {
                // The owner announces the slice anew, under new sequences; what it does not is withdrawn, here and at co-trackers.
                tracked.Bury(owner.NameHash, Second);
            }
        }

        if (summary.Confirm || verdict == SliceVerdict.Different)
        {
            Send(sender, new Datagram { SliceReply = new SliceReply { Number = summary.Number, Verdict = verdict } });
        }
    }

    private void HandleSliceReply(int sender, SliceReply reply)
    {
        if (reply.Verdict != SliceVerdict.Later)
        {
            unconfirmed.Remove(sender);
        }

        if (reply.Verdict != SliceVerdict.Different)
        {
            return;
        }

        foreach (var slot in owned.Slots)
        {
            if (placement.Of(slot).Contains(sender))
            {
                sequence = owned.Renumber(slot, sequence);
                Spread(sender, slot, Timing.SpreadUrgent);
            }
        }
    }
}
