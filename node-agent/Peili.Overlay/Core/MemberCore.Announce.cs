using Google.Protobuf;
using Peili.Overlay.Directory;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>The owner's side of the directory: telling trackers what this node has.</summary>
internal sealed partial class MemberCore
{
    private readonly OwnedKeys owned = new();
    private readonly Dictionary<uint, PendingAnnouncement> announcements = [];
    private readonly Dictionary<int, SpreadBatch> spreading = [];
    private uint announceNumber;
    private uint sequence;

    public int OwnedCount => owned.Count;

    /// <summary>One key goes to its trackers at once; many are gathered by tracker and spread.</summary>
    public void Announce(ReadOnlySpan<DirectoryKey> keys)
    {
        foreach (var key in keys)
        {
            owned.Put(key, ++sequence);
            var trackers = IsActive ? placement.Of(key.Slot) : Trackers.None;
            owned.SetTold(key.Slot, trackers);
            for (var place = 0; place < trackers.Count; place++)
            {
                if (trackers[place] == Self)
                {
                    TrackOwn(key, sequence, withdrawn: false);
                }
                else if (keys.Length <= Limits.AnnouncedKeys)
                {
                    SendAnnouncement(trackers[place], CreateAnnouncement(key, sequence));
                }
                else
                {
                    Spread(trackers[place], key.Slot, keys.Length > 16 * Limits.AnnouncedKeys ? Timing.Spread : Timing.SpreadUrgent);
                }
            }
        }

        Settle();
    }

    public void Withdraw(DirectoryKey key)
    {
        if (!owned.Remove(key))
        {
            return;
        }

        sequence++;
        var trackers = IsActive ? placement.Of(key.Slot) : Trackers.None;
        for (var place = 0; place < trackers.Count; place++)
        {
            if (trackers[place] == Self)
            {
                TrackOwn(key, sequence, withdrawn: true);
                continue;
            }

            var message = new Announce { Withdrawn = BytesOf(key) };
            message.WithdrawnSequence.Add(sequence);
            SendAnnouncement(trackers[place], message);
        }
    }

    /// <summary>A slot's trackers changed: tells those that were not told before.</summary>
    private void TellNewTrackers(ushort slot, Trackers trackers)
    {
        var told = owned.Told(slot);
        if (told == trackers)
        {
            return;
        }

        owned.SetTold(slot, trackers);
        var toldAndLive = 0;
        for (var place = 0; place < told.Count; place++)
        {
            toldAndLive += view[told[place]].IsLive ? 1 : 0;
        }

        // A whole start's keys at once are no emergency either: those of its former epoch are still good.
        var spread = toldAndLive >= 2 || owned.Count > 2 * Limits.AnnouncedKeys ? Timing.Spread : Timing.SpreadUrgent;
        for (var place = 0; place < trackers.Count; place++)
        {
            if (told.Contains(trackers[place]))
            {
                continue;
            }

            if (trackers[place] == Self)
            {
                TrackOwnSlot(slot);
            }
            else
            {
                Spread(trackers[place], slot, spread);
            }
        }
    }

    private void Spread(int tracker, ushort slot, TimeSpan within)
    {
        if (!spreading.TryGetValue(tracker, out var batch))
        {
            spreading[tracker] = batch = new SpreadBatch();
        }

        batch.Slots.Add(slot);
        var due = now + choice.Below(within);
        if (batch.Due == long.MaxValue || (within < Timing.Spread && due < batch.Due))
        {
            batch.Due = due;
            timers.Add(due, TimerKind.Spread, (uint)tracker);
        }
    }

    private void AnnounceSlots(int tracker)
    {
        if (!spreading.TryGetValue(tracker, out var batch) || batch.Due > now)
        {
            return;
        }

        spreading.Remove(tracker);
        if (!view[tracker].IsLive)
        {
            return;
        }

        var message = new Announce();
        var keys = new List<byte>();
        foreach (var slot in batch.Slots)
        {
            if (!placement.Of(slot).Contains(tracker))
            {
                continue;
            }

            foreach (ref readonly var item in owned.OfSlot(slot))
            {
                AddKey(keys, item.Key);
                message.AnnouncedSequence.Add(item.Sequence);
                if (message.AnnouncedSequence.Count == Limits.AnnouncedKeys)
                {
                    message.Announced = ByteString.CopyFrom([.. keys]);
                    SendAnnouncement(tracker, message);
                    message = new Announce();
                    keys.Clear();
                }
            }
        }

        if (keys.Count > 0)
        {
            message.Announced = ByteString.CopyFrom([.. keys]);
            SendAnnouncement(tracker, message);
        }
    }

    private void SendAnnouncement(int tracker, Announce message)
    {
        message.Number = ++announceNumber;
        announcements[message.Number] = new PendingAnnouncement(tracker, message);
        timers.Add(now + Timing.AnnounceRetry.Ticks, TimerKind.Announce, message.Number);
        Send(tracker, new Datagram { Announce = message });
    }

    private void RetryAnnouncement(uint number)
    {
        if (!announcements.TryGetValue(number, out var pending))
        {
            return;
        }

        if (pending.Attempts == Timing.AnnounceAttempts || !view[pending.Tracker].IsLive)
        {
            // The comparison of slices heals what never arrived; a dead tracker has a successor, which was told.
            announcements.Remove(number);
            counters.AnnouncementsGivenUp++;
            return;
        }

        timers.Add(now + (Timing.AnnounceRetry.Ticks << (2 * pending.Attempts)), TimerKind.Announce, number);
        pending.Attempts++;
        Send(pending.Tracker, new Datagram { Announce = pending.Message });
    }

    private void HandleAnnounceAck(int sender, AnnounceAck ack)
    {
        if (announcements.TryGetValue(ack.Number, out var pending) && pending.Tracker == sender)
        {
            announcements.Remove(ack.Number);
        }
    }

    /// <summary>After a jump of the epoch nothing that was told counts.</summary>
    private void AnnounceEverything()
    {
        announcements.Clear();
        foreach (var slot in owned.Slots.ToArray())
        {
            owned.SetTold(slot, Trackers.None);
            TellNewTrackers(slot, placement.Of(slot));
        }
    }

    private void TrackOwnSlot(ushort slot)
    {
        foreach (ref readonly var item in owned.OfSlot(slot))
        {
            TrackOwn(item.Key, item.Sequence, withdrawn: false);
        }
    }

    private void TrackOwn(DirectoryKey key, uint at, bool withdrawn)
    {
        tracked.Put(new TrackedRecord
        {
            Key = key,
            Owner = view[Self].NameHash,
            Epoch = Epoch,
            Sequence = at,
            WithdrawnAt = withdrawn ? Second : 0,
        });
        if (!withdrawn)
        {
            FollowFetch(Self, key);
        }
    }

    private static Announce CreateAnnouncement(DirectoryKey key, uint at)
    {
        var message = new Announce { Announced = BytesOf(key) };
        message.AnnouncedSequence.Add(at);
        return message;
    }

    private static ByteString BytesOf(DirectoryKey key)
    {
        Span<byte> bytes = stackalloc byte[DirectoryKey.Size];
        key.WriteBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private static void AddKey(List<byte> keys, DirectoryKey key)
    {
        Span<byte> bytes = stackalloc byte[DirectoryKey.Size];
        key.WriteBytes(bytes);
        keys.AddRange(bytes);
    }
}
