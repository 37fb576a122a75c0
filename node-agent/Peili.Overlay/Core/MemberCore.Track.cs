using Google.Protobuf;
using Google.Protobuf.Collections;
using Peili.Overlay.Directory;
using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>The tracker's side of the directory: who has what.</summary>
internal sealed partial class MemberCore
{
    /// <summary>Holders of one key that an answer looks at: enough to find three of the asker's zone among thousands.</summary>
    private const int MostExamined = 256;

    /// <summary>A holder's record goes with the answer while the asker may not have heard of it.</summary>
    private static readonly long FreshMember = TimeSpan.FromSeconds(10).Ticks;

    private readonly TrackedSlots tracked = new();

    public int TrackedCount => tracked.RecordCount;

    /// <summary>The clock of tombstones, never 0.</summary>
    private uint Second => (uint)(now / TimeSpan.TicksPerSecond) + 1;

    private bool HandleAnnounce(int sender, Announce message)
    {
        if (message.Announced.Length != message.AnnouncedSequence.Count * DirectoryKey.Size
            || message.Withdrawn.Length != message.WithdrawnSequence.Count * DirectoryKey.Size)
        {
            return false;
        }

        TakeRecords(sender, message.Announced.Span, message.AnnouncedSequence, 0);
        TakeRecords(sender, message.Withdrawn.Span, message.WithdrawnSequence, Second);
        Send(sender, new Datagram { AnnounceAck = new AnnounceAck { Number = message.Number } });
        return true;
    }

    private void TakeRecords(int owner, ReadOnlySpan<byte> keys, RepeatedField<uint> sequences, uint withdrawnAt)
    {
        for (var at = 0; at < sequences.Count; at++)
        {
            var key = DirectoryKey.FromBytes(keys.Slice(at * DirectoryKey.Size, DirectoryKey.Size));
            tracked.Put(new TrackedRecord
            {
                Key = key,
                Owner = view[owner].NameHash,
                Epoch = view[owner].Record.Epoch,
                Sequence = sequences[at],
                WithdrawnAt = withdrawnAt,
            });
            if (withdrawnAt == 0)
            {
                FollowFetch(owner, key);
            }
        }
    }

    private bool HandleLookup(int sender, Lookup lookup)
    {
        if (lookup.Key.Length != DirectoryKey.Size || lookup.Avoid.Count > Limits.Avoided)
        {
            return false;
        }

        var key = DirectoryKey.FromBytes(lookup.Key.Span);
        Span<int> holders = stackalloc int[Limits.Candidates];
        holders = holders[..ChooseHolders(key, sender, lookup.Avoid, holders)];
        var reply = new LookupReply
        {
            Number = lookup.Number,
            Certainty = tracked.Warm.Contains(key.Slot) ? Certainty.Sure : Certainty.Unsure,
        };
        foreach (var holder in holders)
        {
            NameMember(holder, reply.Holder, reply.Record);
        }

        Send(sender, new Datagram { LookupReply = reply });
        return true;
    }

    private void NameMember(int member, RepeatedField<ulong> sessions, RepeatedField<ByteString> records)
    {
        sessions.Add(view[member].Session);
        if (now - view[member].ChangedAt < FreshMember)
        {
            records.Add(view[member].Record.Encoded);
        }
    }

    /// <summary>Up to three holders: the asker's zone first, and another start in the list each time, so that load spreads.</summary>
    private int ChooseHolders(DirectoryKey key, int asker, RepeatedField<ulong> avoid, Span<int> holders)
    {
        if (tracked.Find(key.Slot) is not { } slot)
        {
            return 0;
        }

        var records = slot.Of(key);
        if (records.IsEmpty)
        {
            return 0;
        }

        Span<int> elsewhere = stackalloc int[Limits.Candidates];
        var near = 0;
        var far = 0;
        var zone = view[asker].Record.ZoneHash;
        var start = choice.Below(records.Length);
        for (var step = 0; step < Math.Min(records.Length, MostExamined) && near < holders.Length; step++)
        {
            var holder = HolderOf(records[(start + step) % records.Length]);
            if (holder < 0 || holder == asker || avoid.Contains(view[holder].Session))
            {
                continue;
            }

            if (view[holder].Record.ZoneHash == zone)
            {
                holders[near++] = holder;
            }
            else if (far < elsewhere.Length)
            {
                elsewhere[far++] = holder;
            }
        }

        var added = Math.Min(far, holders.Length - near);
        elsewhere[..added].CopyTo(holders[near..]);
        return near + added;
    }

    /// <summary>
    /// The member that a record speaks of, or -1 while the record is hidden: its owner is gone, or was and has not confirmed, or has
    /// had time enough since its restart to announce anew.
    /// </summary>
    private int HolderOf(in TrackedRecord record)
    {
        if (!record.IsLive)
        {
            return -1;
        }

        var owner = view.FindName(record.Owner);
        if (owner < 0 || !view[owner].IsLive || view[owner].Status == MemberStatus.Leaving
            || view[owner].Flags.HasFlag(MemberFlags.Unconfirmed))
        {
            return -1;
        }

        return record.Epoch >= view[owner].Record.Epoch || now - view[owner].ChangedAt < Timing.KeepFormerEpoch.Ticks ? owner : -1;
    }

    private bool HandleAsk(int sender, Ask ask)
    {
        if (ask.Key.Length != DirectoryKey.Size)
        {
            return false;
        }

        // Silence would do for "no", but then the asker could not tell a full "no" from a lost packet.
        var has = owned.Contains(DirectoryKey.FromBytes(ask.Key.Span));
        Send(sender, new Datagram { AskReply = new AskReply { Number = ask.Number, Has = has } });
        return true;
    }

    /// <summary>The placement changed: follows it as owner and as tracker.</summary>
    private void FollowTrackers()
    {
        for (var slot = placement.Changed.NextFrom(0); slot >= 0; slot = slot + 1 == DirectoryKey.Slots ? -1 : placement.Changed.NextFrom(slot + 1))
        {
            var trackers = placement.Of(slot);
            var isMine = trackers.Contains(Self);
            if (isMine && !tracked.Mine.Contains(slot))
            {
                Gain((ushort)slot, trackers);
            }
            else if (!isMine && tracked.Mine.Contains(slot))
            {
                tracked.Lose((ushort)slot, now);
                cold.Remove((ushort)slot);
            }

            if (owned.HasSlot((ushort)slot))
            {
                TellNewTrackers((ushort)slot, trackers);
            }
        }

        placement.ClearChanged();
    }

    private void Purge()
    {
        var tombstonesBefore = Second - Math.Min(Second, (uint)Timing.Tombstone.TotalSeconds);
        tracked.Purge(now - Timing.Tombstone.Ticks, record =>
        {
            if (!record.IsLive)
            {
                return record.WithdrawnAt <= tombstonesBefore;
            }

            var owner = view.FindName(record.Owner);
            if (owner < 0)
            {
                return true;
            }

            ref var entry = ref view[owner];
            return entry.IsLive
                ? record.Epoch < entry.Record.Epoch && now - entry.ChangedAt > Timing.KeepFormerEpoch.Ticks
                : now - entry.ChangedAt > Timing.KeepHidden.Ticks;
        });
    }
}
