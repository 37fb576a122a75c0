using Google.Protobuf;
using Peili.Overlay.Directory;
using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>A tracker new to a slot copies it from a co-tracker; until then its "nobody" means nothing and it answers "unsure".</summary>
internal sealed partial class MemberCore
{
    private const int SlotsAtOnce = 1024;
    private const int CopiesAtOnce = 4;

    /// <summary>Slots not yet copied, and since when.</summary>
    private readonly Dictionary<ushort, long> cold = [];
    private int copying;
    private int copyRound;
    private bool isWarmingScheduled;

    private void Gain(ushort slot, Trackers trackers)
    {
        tracked.Gain(slot, now - Timing.Tombstone.Ticks);
        if (trackers.Count == 1)
        {
            // Nobody to copy from; but before the first answer of a seed that is no knowledge.
            if (view[Self].Status == MemberStatus.Ready)
            {
                tracked.Warm.Add(slot);
            }

            return;
        }

        cold[slot] = now;
        ScheduleWarming();
    }

    /// <summary>The cluster was met: whatever this member has it had by itself.</summary>
    private void CoolDown()
    {
        tracked.Warm.Clear();
        for (var slot = tracked.Mine.NextFrom(0); slot >= 0; slot = slot + 1 == DirectoryKey.Slots ? -1 : tracked.Mine.NextFrom(slot + 1))
        {
            cold.TryAdd((ushort)slot, now);
        }

        ScheduleWarming();
    }

    private void ScheduleWarming()
    {
        if (!isWarmingScheduled)
        {
            isWarmingScheduled = true;
            timers.Add(now + choice.Below(Timing.SpreadUrgent), TimerKind.Warm);
        }
    }

    private void CopySlots()
    {
        isWarmingScheduled = false;
        copyRound++;
        var bySource = new Dictionary<int, SlotCopyRequest>();
        foreach (var (slot, since) in cold)
        {
            if (now - since > Timing.WarmAtLast.Ticks)
            {
                WarmUp(slot);
            }
            else if (ChooseSource(placement.Of(slot)) is var source and >= 0)
            {
                if (!bySource.TryGetValue(source, out var request))
                {
                    bySource[source] = request = new SlotCopyRequest();
                }

                if (request.Slot.Count < SlotsAtOnce)
                {
                    request.Slot.Add(slot);
                }
            }
        }

        foreach (var (source, request) in bySource)
        {
            if (copying < CopiesAtOnce)
            {
                Copy(source, request);
            }
        }

        BecomeReady();
        if (cold.Count > 0)
        {
            isWarmingScheduled = true;
            timers.Add(now + Timing.WarmRetry.Ticks, TimerKind.Warm);
        }
    }

    /// <summary>Another tracker of the slot, a different one each round; -1 if there is none that lives.</summary>
    private int ChooseSource(Trackers trackers)
    {
        for (var place = 0; place < trackers.Count; place++)
        {
            var candidate = trackers[(place + copyRound) % trackers.Count];
            if (candidate != Self && view[candidate].State == MemberState.Alive)
            {
                return candidate;
            }
        }

        return -1;
    }

    private void Copy(int source, SlotCopyRequest request)
    {
        copying++;
        Call(view[source].Record.Address, new BulkRequest { SlotCopy = request }, Timing.SyncTimeout, reply =>
        {
            copying--;
            foreach (var content in reply?.SlotCopy?.Content ?? [])
            {
                if (TakeContent(content) && content.Warm)
                {
                    WarmUp((ushort)content.Slot);
                }
            }

            BecomeReady();
            if (copying == 0 && cold.Count > SlotsAtOnce)
            {
                CopySlots();
            }
        });
    }

    private bool TakeContent(SlotContent content)
    {
        var count = content.Owner.Count;
        if (content.Slot >= DirectoryKey.Slots || content.Key.Length != count * DirectoryKey.Size || content.Epoch.Count != count
            || content.Sequence.Count != count || content.TombstoneAge.Count != count)
        {
            return false;
        }

        for (var at = 0; at < count; at++)
        {
            var record = new TrackedRecord
            {
                Key = DirectoryKey.FromBytes(content.Key.Span.Slice(at * DirectoryKey.Size, DirectoryKey.Size)),
                Owner = content.Owner[at],
                Epoch = content.Epoch[at],
                Sequence = content.Sequence[at],
                WithdrawnAt = content.TombstoneAge[at] == 0 ? 0 : Math.Max(1, Second - Math.Min(Second, content.TombstoneAge[at] - 1)),
            };

            // Owners that we do not know, or no longer keep records of, would only come and go between co-trackers.
            if (record.Key.Slot == content.Slot && view.FindName(record.Owner) is var owner and >= 0
                && (view[owner].IsLive || now - view[owner].ChangedAt < Timing.KeepHidden.Ticks))
            {
                tracked.Put(record);
            }
        }

        return true;
    }

    private SlotCopyReply AnswerSlotCopy(SlotCopyRequest request)
    {
        var reply = new SlotCopyReply();
        var size = 0;
        foreach (var slot in request.Slot)
        {
            if (slot >= DirectoryKey.Slots || size > Limits.SlotCopy || reply.Content.Count > DirectoryKey.Slots)
            {
                break;
            }

            var content = new SlotContent { Slot = slot, Warm = tracked.Warm.Contains((int)slot) };
            var keys = new List<byte>();
            foreach (ref readonly var record in tracked.Find((ushort)slot) is { } records ? records.All : default)
            {
                // What its owner has not confirmed since its death is not handed on: it may have withdrawn it.
                if (view.FindName(record.Owner) is var owner and >= 0 && view[owner].Flags.HasFlag(MemberFlags.Unconfirmed))
                {
                    continue;
                }

                AddKey(keys, record.Key);
                content.Owner.Add(record.Owner);
                content.Epoch.Add(record.Epoch);
                content.Sequence.Add(record.Sequence);
                content.TombstoneAge.Add(record.IsLive ? 0 : Second - record.WithdrawnAt + 1);
            }

            content.Key = ByteString.CopyFrom([.. keys]);
            size += content.CalculateSize();
            reply.Content.Add(content);
        }

        return reply;
    }

    private void WarmUp(ushort slot)
    {
        cold.Remove(slot);
        if (tracked.Mine.Contains(slot))
        {
            tracked.Warm.Add(slot);
        }
    }

    private void BecomeReady()
    {
        if (cold.Count == 0 && hasJoined && view[Self].Status is MemberStatus.Warming or MemberStatus.Returning)
        {
            SetStatus(MemberStatus.Ready);
        }
    }
}
