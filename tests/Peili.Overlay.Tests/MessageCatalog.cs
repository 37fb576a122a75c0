using Google.Protobuf;
using Peili.Overlay.Simulation;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Tests;

/// <summary>One of each message, the same every time.</summary>
internal static class MessageCatalog
{
    public static SortedDictionary<string, Datagram> Datagrams(SimulatedNode sender)
    {
        var core = sender.Node!.Core;
        var record = core.SelfRecord.Encoded;
        var other = core.View[(core.Self + 1) % core.View.End];
        var key = ByteString.CopyFrom([.. Enumerable.Range(0, 32).Select(at => (byte)(at * 7))]);
        var cookie = ByteString.CopyFrom(new byte[16]);
        var news = new NewsWriter();
        news.Add(core.SelfRecord.Session, 2, Claim.Joined, MemberStatus.Ready);
        news.AddRecord(record);
        news.Add(other.Session, 1, Claim.Suspect, MemberStatus.Ready);
        news.AddReporters([1, 2, 3]);
        news.Add(other.Session, 0, Claim.Dead, MemberStatus.Warming);
        news.Add(0x1122334455667788, 9, Claim.Left, MemberStatus.Leaving);
        return new(StringComparer.Ordinal)
        {
            ["news"] = new() { News = news.Finish() },
            ["ping"] = new() { Ping = new() { Number = 7, ViewHash = 99 } },
            ["ack"] = new() { Ack = new() { Number = 7, ViewHash = 99 } },
            ["ping-request"] = new() { PingRequest = new() { Number = 8, Target = other.Session } },
            ["nack"] = new() { Nack = new() { Number = 8 } },
            ["identity"] = new() { Identity = new() { Wanted = 5, Number = 6, Record = record, Incarnation = 1, Status = 1 } },
            ["challenge"] = new() { Challenge = new() { Counter = 12, Cookie = cookie } },
            ["hello"] = new() { Hello = new() { Cookie = cookie, Record = record, Incarnation = 1, Status = 1 } },
            ["announce"] = new()
            {
                Announce = new() { Number = 3, Announced = key, AnnouncedSequence = { 4 }, Withdrawn = key, WithdrawnSequence = { 5 } },
            },
            ["announce-ack"] = new() { AnnounceAck = new() { Number = 3 } },
            ["lookup"] = new() { Lookup = new() { Number = 9, Key = key, Avoid = { other.Session } } },
            ["lookup-reply"] = new()
            {
                LookupReply = new() { Number = 9, Certainty = Certainty.Sure, Holder = { other.Session }, Record = { record } },
            },
            ["role-request"] = new()
            {
                RoleRequest = new() { Number = 11, Key = key, Request = 12, Offset = 13, Size = 14, Reason = RoleReason.SourceLost, Avoid = { other.Session }, EarlierAreSilent = true, Asker = other.Session, Load = 2 },
            },
            ["role-reply"] = new()
            {
                RoleReply = new() { Number = 11, Role = Role.Child, Ordinal = 3, Candidate = { other.Session }, Record = { record } },
            },
            ["lease-report"] = new() { LeaseReport = new() { Key = key, Stage = LeaseStage.Fetching, Mark = 15, Origin = other.Session } },
            ["ask"] = new() { Ask = new() { Number = 10, Key = key } },
            ["ask-reply"] = new() { AskReply = new() { Number = 10, Has = true } },
            ["slot-summary"] = new() { SlotSummary = new() { Slot = { 1, 16_383 }, Count = { 2, 3 }, Sum = { 4, 5 } } },
            ["slice-summary"] = new() { SliceSummary = new() { Number = 1, PlacementHash = 2, Count = 3, Sum = 4, Confirm = true } },
            ["slice-reply"] = new() { SliceReply = new() { Number = 1, Verdict = SliceVerdict.Different } },
        };
    }

    public static SortedDictionary<string, IMessage> Bulk(SimulatedNode sender)
    {
        var core = sender.Node!.Core;
        var record = core.SelfRecord.Encoded;
        var key = ByteString.CopyFrom([.. Enumerable.Range(0, 32).Select(at => (byte)(at * 7))]);
        var sync = new SyncRequest { Record = record, Incarnation = 1, Status = 1 };
        sync.BucketHash.Add(Enumerable.Range(0, 256).Select(at => (uint)at));
        var news = new NewsWriter();
        news.Add(core.SelfRecord.Session, 2, Claim.Joined, MemberStatus.Ready);
        news.AddRecord(record);
        return new(StringComparer.Ordinal)
        {
            ["bulk-sync-request"] = new BulkRequest { Protocol = 1, Sync = sync },
            ["bulk-fetch-request"] = new BulkRequest { Protocol = 1, Fetch = new() { News = news.Finish(), Session = { core.SelfRecord.Session } } },
            ["bulk-slot-copy-request"] = new BulkRequest { Protocol = 1, SlotCopy = new() { Slot = { 1, 2, 16_383 } } },
            ["bulk-probe-request"] = new BulkRequest { Protocol = 1, Probe = new() { Target = 5 } },
            ["bulk-sync-reply"] = new BulkReply
            {
                Protocol = 1,
                Sync = new()
                {
                    Record = record,
                    Bucket = { 1, 2 },
                    Session = { core.SelfRecord.Session, 77 },
                    Incarnation = { 1, 2 },
                    State = ByteString.CopyFrom(0x10, 0x12),
                    RowRecord = { record, record },
                },
            },
            ["bulk-fetch-reply"] = new BulkReply { Protocol = 1, Fetch = new() { Record = { record } } },
            ["bulk-slot-copy-reply"] = new BulkReply
            {
                Protocol = 1,
                SlotCopy = new()
                {
                    Content = { new SlotContent { Slot = 1, Warm = true, Key = key, Owner = { 1 }, Epoch = { 2 }, Sequence = { 3 }, TombstoneAge = { 0 } } },
                },
            },
            ["bulk-probe-reply"] = new BulkReply { Protocol = 1, Probe = new() { Session = 5 } },
        };
    }
}
