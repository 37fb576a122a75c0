using Google.Protobuf;
using Peili.Overlay.Security;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

internal sealed partial class MemberCore
{
    private const int ChallengesPerSecond = 200;

    /// <summary>A challenge answers a packet that we sent at most this many packets ago.</summary>
    private const ulong ChallengeAge = 4096;

    private const int DeathsToldPerSecond = 20;

    private int challengesLeft = ChallengesPerSecond;
    private int deathsToTell = DeathsToldPerSecond;

    /// <summary>Takes a datagram from anybody: nothing changes before it is opened, and its counter is new.</summary>
    public void Receive(ReadOnlySpan<byte> packet, in PeerAddress from)
    {
        counters.DatagramsReceived++;
        if (!IsActive)
        {
            return;
        }

        if (TryAccept(packet, from) is { } refused)
        {
            counters.CountDrop(refused);
        }

        Settle();
    }

    private DropReason? TryAccept(ReadOnlySpan<byte> packet, in PeerAddress from)
    {
        if (packet.Length > Limits.Datagram || !PacketHeader.TryRead(packet, out var header))
        {
            return DropReason.Malformed;
        }

        if (!ProtocolVersion.IsUnderstood(header.Version))
        {
            return DropReason.Version;
        }

        if (header.IsClear != seal.IsClear || !seal.KnowsKeyOf(header))
        {
            return DropReason.UnknownKey;
        }

        var sender = view.FindSession(header.From);
        if (sender == Self)
        {
            return DropReason.Invalid;
        }

        return sender >= 0 ? AcceptKnown(sender, header, packet, from) : AcceptStranger(header, packet, from);
    }

    private DropReason? AcceptKnown(int sender, in PacketHeader header, ReadOnlySpan<byte> packet, in PeerAddress from)
    {
        if (view[sender].Replay.HasSeen(header.Counter))
        {
            return DropReason.Replayed;
        }

        if (!seal.TryOpen(header, view[sender].Record.Identity, packet, memory.Opened, out var length))
        {
            return DropReason.Forged;
        }

        if (header.To != SelfRecord.Session)
        {
            SayNotMe(sender, header.To, memory.Opened.AsSpan(0, length));
            return DropReason.WrongAddressee;
        }

        view[sender].Replay.Mark(header.Counter);
        if (!WireReader.TryParse(Datagram.Parser, memory.Opened.AsSpan(0, length), out var datagram))
        {
            return DropReason.Invalid;
        }

        return Handle(sender, datagram, from) ? null : DropReason.Invalid;
    }

    /// <summary>A session we do not know gets a cookie, and a place in the view only once it has brought that cookie back.</summary>
    private DropReason? AcceptStranger(in PacketHeader header, ReadOnlySpan<byte> packet, in PeerAddress from)
    {
        if (!header.IsIntroduction)
        {
            // Its key cannot even be derived without the name.
            ChallengeStranger(header, from);
            return DropReason.UnknownSession;
        }

        if (!seal.TryOpen(header, header.Introduced, packet, memory.Opened, out var length))
        {
            return DropReason.Forged;
        }

        if (!WireReader.TryParse(Datagram.Parser, memory.Opened.AsSpan(0, length), out var datagram))
        {
            return DropReason.Invalid;
        }

        if (header.To == SelfRecord.Session && datagram.BodyCase == Datagram.BodyOneofCase.Challenge)
        {
            return AnswerChallenge(header.From, datagram.Challenge, from);
        }

        if (header.To != SelfRecord.Session || datagram.BodyCase != Datagram.BodyOneofCase.Hello)
        {
            ChallengeStranger(header, from);
            return DropReason.UnknownSession;
        }

        return Welcome(header, datagram.Hello, from);
    }

    private void ChallengeStranger(in PacketHeader header, in PeerAddress from)
    {
        if (challengesLeft == 0)
        {
            return;
        }

        challengesLeft--;
        Span<byte> cookie = stackalloc byte[Cookies.Size];
        cookies.Make(from, header.From, now, cookie);
        var challenge = new Challenge { Counter = header.Counter, Cookie = ByteString.CopyFrom(cookie) };
        Introduce(from, header.From, new Datagram { Challenge = challenge });
    }

    private DropReason? AnswerChallenge(ulong session, Challenge challenge, in PeerAddress from)
    {
        // Our session and a counter just used: nobody could have recorded this challenge before we asked for it.
        if (challenge.Counter > sendCounter || challenge.Counter + ChallengeAge < sendCounter || challenge.Cookie.Length != Cookies.Size)
        {
            return DropReason.Replayed;
        }

        var hello = new Hello
        {
            Cookie = challenge.Cookie,
            Record = SelfRecord.Encoded,
            Incarnation = view[Self].Incarnation,
            Status = (uint)view[Self].Status,
        };
        Introduce(from, session, new Datagram { Hello = hello });
        return null;
    }

    private DropReason? Welcome(in PacketHeader header, Hello hello, in PeerAddress from)
    {
        if (!cookies.IsValid(from, header.From, now, hello.Cookie.Span))
        {
            return DropReason.Replayed;
        }

        if (!memory.TryRead(hello.Record, out var record) || record!.BootId != header.Introduced.BootId
            || !record.NameBytes.AsSpan().SequenceEqual(header.Name) || hello.Status > (uint)MemberStatus.Returning)
        {
            return DropReason.Invalid;
        }

        ApplyJoined(record, hello.Incarnation, (MemberStatus)hello.Status);
        var sender = view.FindSession(record.Session);
        if (sender < 0)
        {
            // A newer start of that name is known: whoever knows a higher epoch says so. (Or the view is full.)
            AnswerFormer(from, header.From, view.FindName(record.NameHash));
            return null;
        }

        view[sender].Replay.Mark(header.Counter);
        Send(sender, new Datagram { Identity = CreateIdentity(0, 0) });
        return null;
    }

    /// <summary>Its record in any case, though it be long dead: without the epoch in it the newcomer could not jump above.</summary>
    private void AnswerFormer(in PeerAddress address, ulong session, int member)
    {
        if (member >= 0)
        {
            ref var former = ref view[member];
            memory.News.Add(former.Session, former.Incarnation, Claim.Joined, former.Status);
            memory.News.AddRecord(former.Record.Encoded);
            SendEncoded(address, session, Encode(new Datagram { News = memory.News.Finish() }), isIntroduction: false);
        }
    }

    private void TellDeath(int member)
    {
        if (deathsToTell > 0)
        {
            deathsToTell--;
            AddRow(memory.News, member, withRecord: false, asSuspicion: false);
            Send(member, new Datagram { News = memory.News.Finish() });
        }
    }

    private bool Handle(int sender, Datagram datagram, in PeerAddress from)
    {
        selfIsDoubted = false;
        if (datagram.News is not null && !ApplyNews(datagram.News, sender))
        {
            return false;
        }

        // The news may have replaced the sender's session, or forgotten it: then its message has nobody to answer.
        if (view[sender].Record is null)
        {
            return true;
        }

        if (view[sender].State == MemberState.Dead)
        {
            TellDeath(sender);
        }

        switch (datagram.BodyCase)
        {
            case Datagram.BodyOneofCase.None:
                return datagram.News is not null;
            case Datagram.BodyOneofCase.Ping:
                HandlePing(sender, datagram.Ping);
                return true;
            case Datagram.BodyOneofCase.Ack:
                HandleAck(sender, datagram.Ack);
                return true;
            case Datagram.BodyOneofCase.PingRequest:
                HandlePingRequest(sender, datagram.PingRequest);
                return true;
            case Datagram.BodyOneofCase.Nack:
                HandleNack(datagram.Nack);
                return true;
            case Datagram.BodyOneofCase.Identity:
                return HandleIdentity(sender, datagram.Identity, from);
            case Datagram.BodyOneofCase.Challenge:
                return AnswerChallenge(view[sender].Session, datagram.Challenge, from) is null;
            case Datagram.BodyOneofCase.Hello:
                return true; // it came twice, or news was faster
            case Datagram.BodyOneofCase.Announce:
                return HandleAnnounce(sender, datagram.Announce);
            case Datagram.BodyOneofCase.AnnounceAck:
                HandleAnnounceAck(sender, datagram.AnnounceAck);
                return true;
            case Datagram.BodyOneofCase.Lookup:
                return HandleLookup(sender, datagram.Lookup);
            case Datagram.BodyOneofCase.LookupReply:
                return HandleLookupReply(sender, datagram.LookupReply);
            case Datagram.BodyOneofCase.RoleRequest:
                return HandleRoleRequest(sender, datagram.RoleRequest);
            case Datagram.BodyOneofCase.RoleReply:
                return HandleRoleReply(sender, datagram.RoleReply);
            case Datagram.BodyOneofCase.LeaseReport:
                return HandleLeaseReport(sender, datagram.LeaseReport);
            case Datagram.BodyOneofCase.Ask:
                return HandleAsk(sender, datagram.Ask);
            case Datagram.BodyOneofCase.AskReply:
                HandleAskReply(sender, datagram.AskReply);
                return true;
            case Datagram.BodyOneofCase.SlotSummary:
                return HandleSlotSummary(sender, datagram.SlotSummary);
            case Datagram.BodyOneofCase.SliceSummary:
                HandleSliceSummary(sender, datagram.SliceSummary);
                return true;
            case Datagram.BodyOneofCase.SliceReply:
                HandleSliceReply(sender, datagram.SliceReply);
                return true;
            default:
                return false;
        }
    }
}
