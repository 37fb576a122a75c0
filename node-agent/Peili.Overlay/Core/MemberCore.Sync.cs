using Google.Protobuf;
using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>
/// Push-pull: two members whose views differ exchange the buckets that differ. Every probe and its answer carry the hash of the
/// sender's view, so that agreement costs four bytes and no exchange at all.
/// </summary>
internal sealed partial class MemberCore
{
    /// <summary>A merge that changes more than this is no straggling news.</summary>
    private const int ManyChanges = 16;

    /// <summary>Contradictions that one exchange follows up by asking the members themselves.</summary>
    private const int MostDoubts = 16;

    private readonly Dictionary<uint, Action<BulkReply?>> calls = [];
    private uint callNumber;
    private int serving;
    private bool isSyncing;
    private bool isMergingMany;
    private bool lacksMembers;
    private long nextSync;
    private long lastNews;
    private long lastSync;

    /// <summary>The last exchange showed more than news on its way: go on at full pace.</summary>
    private bool foundMany;

    /// <summary>A bulk call's end; an empty reply is a failure.</summary>
    public void EndCall(uint call, ReadOnlySpan<byte> reply)
    {
        if (!calls.Remove(call, out var ended) || isStopped)
        {
            return;
        }

        BulkReply? message = null;
        var isAnswer = !reply.IsEmpty && reply.Length <= Limits.Bulk
            && WireReader.TryParse(BulkReply.Parser, reply, out message) && ProtocolVersion.IsUnderstood(message.Protocol);
        ended(isAnswer ? message : null);
        Settle();
    }

    /// <summary>Answers a bulk request; nothing for one that makes no sense.</summary>
    public byte[] Serve(ReadOnlySpan<byte> body)
    {
        serving++;
        if (!IsActive || body.Length > Limits.Bulk || !WireReader.TryParse(BulkRequest.Parser, body, out var request)
            || !ProtocolVersion.IsUnderstood(request.Protocol))
        {
            return [];
        }

        var reply = new BulkReply { Protocol = ProtocolVersion.Current };
        switch (request.BodyCase)
        {
            case BulkRequest.BodyOneofCase.Sync when request.Sync.BucketHash.Count is 0 or MemberView.Buckets:
                reply.Sync = serving > Limits.SyncsServed ? AnswerBusy() : AnswerSync(request.Sync);
                break;
            case BulkRequest.BodyOneofCase.Fetch:
                reply.Fetch = AnswerFetch(request.Fetch);
                break;
            case BulkRequest.BodyOneofCase.SlotCopy:
                reply.SlotCopy = AnswerSlotCopy(request.SlotCopy);
                break;
            case BulkRequest.BodyOneofCase.Probe:
                reply.Probe = new ProbeReply { Session = SelfRecord.Session };
                break;
            default:
                return [];
        }

        Settle();
        var bytes = reply.ToByteArray();
        counters.BulkBytesSent += bytes.Length;
        return bytes;
    }

    public void EndServing() => serving--;

    private void CompareViews(int peer, uint hash)
    {
        if ((hash == view.Hash && !lacksMembers) || isSyncing || now < nextSync || !view[peer].IsLive)
        {
            return;
        }

        // While news is on its way views differ for a moment; only now and then is that worth an exchange.
        nextSync = now + Timing.SyncWhileDifferent.Ticks;
        if (now - lastNews < OnItsWay && now - lastSync < Timing.SyncWhileNews.Ticks && !foundMany)
        {
            return;
        }

        // Probes go round among neighbours; a difference that is large needs to be carried further.
        Sync(foundMany ? view.Choose(ref choice, Self, default(LiveMembers)) : peer);
    }

    private void Sync(int peer)
    {
        counters.Syncs++;
        lastSync = now;
        isSyncing = true;
        lacksMembers = false;
        var session = view[peer].Session;
        var request = new SyncRequest
        {
            Record = SelfRecord.Encoded,
            Incarnation = view[Self].Incarnation,
            Status = (uint)view[Self].Status,
        };
        for (var bucket = 0; bucket < MemberView.Buckets; bucket++)
        {
            request.BucketHash.Add(view.BucketHash(bucket));
        }

        Call(view[peer].Record.Address, new BulkRequest { Sync = request }, Timing.SyncTimeout, reply =>
        {
            isSyncing = false;
            if (reply?.Sync is { Busy: false } answer && view[peer].Record is not null && view[peer].Session == session)
            {
                Merge(answer, peer);
            }
        });
    }

    private SyncReply AnswerBusy()
    {
        var reply = new SyncReply { Busy = true };
        for (var count = 0; count < 3; count++)
        {
            var other = view.Choose(ref choice, Self, default(LiveMembers));
            if (other >= 0)
            {
                reply.Instead.Add(view[other].Record.Encoded);
            }
        }

        return reply;
    }

    private SyncReply AnswerSync(SyncRequest request)
    {
        var reply = new SyncReply { Record = SelfRecord.Encoded };
        var everything = request.BucketHash.Count == 0;
        var differs = new bool[MemberView.Buckets];
        for (var bucket = 0; bucket < MemberView.Buckets; bucket++)
        {
            differs[bucket] = everything || request.BucketHash[bucket] != view.BucketHash(bucket);
            if (differs[bucket] && !everything)
            {
                reply.Bucket.Add((uint)bucket);
            }
        }

        var states = new List<byte>();
        for (var member = 0; member < view.End; member++)
        {
            ref var entry = ref view[member];
            if (entry.Record is null || !differs[MemberView.BucketOf(entry.NameHash)] || (everything && !entry.IsLive))
            {
                continue;
            }

            reply.Session.Add(entry.Session);
            reply.Incarnation.Add(entry.Incarnation);
            states.Add((byte)((byte)entry.State | ((byte)entry.Status << 4)));
            if (everything)
            {
                reply.RowRecord.Add(entry.Record.Encoded);
            }
        }

        reply.State = ByteString.CopyFrom([.. states]);
        if (memory.TryRead(request.Record, out var asker) && request.Status <= (uint)MemberStatus.Returning)
        {
            ApplyJoined(asker!, request.Incarnation, (MemberStatus)request.Status);
        }

        return reply;
    }

    private FetchReply AnswerFetch(FetchRequest request)
    {
        if (request.News is not null)
        {
            isMergingMany = request.News.Session.Count > ManyChanges;
            ApplyNews(request.News, -1);
            isMergingMany = false;
        }

        var reply = new FetchReply();
        foreach (var session in request.Session)
        {
            var member = view.FindSession(session);
            if (member >= 0)
            {
                reply.Record.Add(view[member].Record.Encoded);
            }
        }

        return reply;
    }

    /// <summary>Takes the other's rows, and gives back what it lacks.</summary>
    private void Merge(SyncReply answer, int peer)
    {
        var rows = Math.Min(answer.Session.Count, Math.Min(answer.Incarnation.Count, answer.State.Length));
        var merge = new SyncMerge(answer.Session, answer.Bucket);
        isMergingMany = true;
        for (var row = 0; row < rows; row++)
        {
            var state = (MemberState)(answer.State[row] & 15);
            var status = (MemberStatus)(answer.State[row] >> 4);
            if (state <= MemberState.Left && status <= MemberStatus.Returning && answer.Session[row] != 0)
            {
                var record = row < answer.RowRecord.Count ? answer.RowRecord[row] : null;
                MergeRow(merge, answer.Session[row], answer.Incarnation[row], state, status, record);
            }
        }

        isMergingMany = false;
        foundMany = merge.Changes + merge.Unknown.Count > ManyChanges;
        if (peer >= 0)
        {
            GiveBack(merge, peer);
        }
    }

    private void MergeRow(SyncMerge merge, ulong session, uint incarnation, MemberState state, MemberStatus status, ByteString? encoded)
    {
        var member = view.FindSession(session);
        var lives = state is MemberState.Alive or MemberState.Suspect;
        if (member < 0)
        {
            if (lives && encoded is null)
            {
                merge.Unknown.Add(session);
                merge.Rows.Add((session, incarnation, status));
            }
            else if (lives && memory.TryRead(encoded!, out var record) && record!.Session == session)
            {
                merge.Changes++;
                ApplyJoined(record, incarnation, status);
            }

            return;
        }

        ref var entry = ref view[member];
        if (member == Self)
        {
            Refute(lives ? Claim.Alive : Claim.Dead, incarnation, -1);
        }
        else if (incarnation < entry.Incarnation)
        {
            merge.Newer.Add(member);
        }
        else if (lives && incarnation > entry.Incarnation)
        {
            merge.Changes++;
            Change(member, incarnation, MemberState.Alive, status, withRecord: false);
        }
        else if (state == MemberState.Left && entry.State != MemberState.Left)
        {
            merge.Changes++;
            Change(member, incarnation, MemberState.Left, status, withRecord: false);
        }
        else if (lives != entry.IsLive && entry.State != MemberState.Left && merge.Doubts++ < MostDoubts)
        {
            Doubt(member, incarnation);
        }
    }

    /// <summary>One of two views has it dead. Neither is believed: it is told, and if it lives it refutes.</summary>
    private void Doubt(int member, uint incarnation)
    {
        memory.News.Add(view[member].Session, incarnation, Claim.Dead, view[member].Status);
        Send(member, new Datagram { News = memory.News.Finish() });
        if (view[member].IsLive)
        {
            StartProbe(member);
        }
    }

    private void GiveBack(SyncMerge merge, int peer)
    {
        var rows = new NewsWriter();
        foreach (var member in merge.Newer)
        {
            AddRow(rows, member, withRecord: false, asSuspicion: true);
        }

        for (var member = 0; member < view.End; member++)
        {
            if (view[member].IsLive && merge.Lacks(view[member]))
            {
                AddRow(rows, member, withRecord: true, asSuspicion: true);
            }
        }

        if (rows.Count == 0 && merge.Unknown.Count == 0)
        {
            return;
        }

        var request = new FetchRequest { News = rows.Finish() };
        request.Session.Add(merge.Unknown);
        Call(view[peer].Record.Address, new BulkRequest { Fetch = request }, Timing.SyncTimeout, reply =>
        {
            isMergingMany = merge.Unknown.Count > ManyChanges;
            foreach (var encoded in reply?.Fetch?.Record ?? [])
            {
                if (memory.TryRead(encoded, out var record) && merge.TryGetRow(record!.Session, out var incarnation, out var status))
                {
                    ApplyJoined(record, incarnation, status);
                }
            }

            isMergingMany = false;
        });
    }
}
