using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>Failure detection: SWIM, 4.1 and 4.3, with Lifeguard's local health (IV.A) and buddy system (IV.C).</summary>
internal sealed partial class MemberCore
{
    private const int LocalHealthLimit = 8;
    private const int Helpers = 3;
    private const int RingObservers = 3;
    private const int MaximumHelped = 256;

    private readonly Dictionary<uint, Probe> probes = [];
    private readonly Dictionary<uint, (int Requester, ulong Session, uint Number)> helped = [];
    private uint probeNumber;
    private uint probeTurn;

    /// <summary>Lifeguard's multiplier: how little this member should trust its own clockwork.</summary>
    private int localHealth;

    private void ProbeSomebody()
    {
        // Chance alone leaves a member unprobed for 4 s once in 3,000 times; its three predecessors on a ring of names see to it within
        // 2 s (Rapid's observers, ATC 2018). Every fourth probe goes anywhere, since neighbours may die together.
        var turn = (int)(++probeTurn % (RingObservers + 1));
        var target = turn == 0 ? view.Choose(ref choice, Self, default(LiveMembers)) : view.FindSuccessor(Self, turn);
        if (target >= 0)
        {
            StartProbe(target);
        }

        timers.Add(now + (Timing.ProbePeriod.Ticks * (localHealth + 1)), TimerKind.ProbeRound);
    }

    private void StartProbe(int target)
    {
        var number = ++probeNumber;
        probes[number] = new Probe(target, view[target].Session, now);
        timers.Add(now + Scaled(Timing.ProbeDirect), TimerKind.Probe, number);
        SendPing(target, number);
    }

    private void SendPing(int target, uint number)
    {
        var datagram = new Datagram { Ping = new Ping { Number = number, ViewHash = view.Hash } };

        // The buddy system: whoever is suspected hears it from the next who talks to it.
        var isDoubted = view[target].State is MemberState.Suspect or MemberState.Dead;
        AddNews(datagram, isDoubted ? target : -1);
        Send(target, datagram);
    }

    private void ProbeAgain(int member)
    {
        if (view[member].IsLive && view[member].Flags.HasFlag(MemberFlags.DirectProbeFailed))
        {
            StartProbe(member);
        }
    }

    private void AdvanceProbe(uint number)
    {
        if (!probes.TryGetValue(number, out var probe))
        {
            return;
        }

        if (view[probe.Member].Session != probe.Session || !view[probe.Member].IsLive)
        {
            probes.Remove(number);
            return;
        }

        switch (probe.Stage)
        {
            case ProbeStage.Direct:
                probe.Stage = ProbeStage.Indirect;
                AskHelpers(number, probe);
                timers.Add(now + Scaled(Timing.ProbeIndirect), TimerKind.Probe, number);
                break;
            case ProbeStage.Indirect:
                probe.Stage = ProbeStage.Tcp;
                ProbeOverTcp(probe.Member, Scaled(Timing.ProbeTcp), reached => EndTcpProbe(number, reached));
                timers.Add(now + Scaled(Timing.ProbeTcp), TimerKind.Probe, number);
                break;
            case ProbeStage.Tcp:
                probes.Remove(number);
                localHealth = Math.Min(LocalHealthLimit, localHealth + 1 + probe.SilentHelpers);
                Suspect(probe.Member, view[probe.Member].Incarnation, (uint)SelfRecord.Session);
                break;
        }
    }

    private void AskHelpers(uint number, Probe probe)
    {
        var request = new Datagram { PingRequest = new PingRequest { Number = number, Target = probe.Session } };
        Span<int> asked = stackalloc int[Helpers];
        for (var helper = 0; helper < Helpers; helper++)
        {
            asked[helper] = view.Choose(ref choice, Self, default(LiveMembers));
            if (asked[helper] >= 0 && asked[helper] != probe.Member && !asked[..helper].Contains(asked[helper]))
            {
                probe.SilentHelpers++;
                Send(asked[helper], request);
            }
        }
    }

    private void HandlePing(int sender, Ping ping)
    {
        var reply = new Datagram { Ack = new Ack { Number = ping.Number, ViewHash = view.Hash } };
        AddNews(reply, selfIsDoubted ? Self : -1);
        Send(sender, reply);
        CompareViews(sender, ping.ViewHash);
    }

    private void HandleAck(int sender, Ack ack)
    {
        if (ack.ViewHash != 0)
        {
            CompareViews(sender, ack.ViewHash);
        }

        if (helped.Remove(ack.Number, out var help))
        {
            if (view[help.Requester].Session == help.Session)
            {
                Send(help.Requester, new Datagram { Ack = new Ack { Number = help.Number } });
            }

            return;
        }

        if (!probes.Remove(ack.Number, out var probe))
        {
            return;
        }

        ref var target = ref view[probe.Member];
        localHealth = Math.Max(0, localHealth - 1);
        if (sender == probe.Member)
        {
            target.Flags &= ~(MemberFlags.DirectProbeFailed | MemberFlags.UdpBlocked);
            return;
        }

        NoteIndirectAnswer(probe);
    }

    /// <summary>It lives, but only others hear it. Once is a lost packet; twice in a row asks TCP whether UDP is blocked between us.</summary>
    private void NoteIndirectAnswer(Probe probe)
    {
        ref var target = ref view[probe.Member];
        if (target.Session != probe.Session || target.Flags.HasFlag(MemberFlags.UdpBlocked))
        {
            return;
        }

        if (!target.Flags.HasFlag(MemberFlags.DirectProbeFailed))
        {
            target.Flags |= MemberFlags.DirectProbeFailed;
            timers.Add(now + Timing.ProbeAgain.Ticks, TimerKind.ProbeAgain, (uint)probe.Member);
            return;
        }

        ProbeOverTcp(probe.Member, Timing.TcpCheck, reached =>
        {
            if (reached && view[probe.Member].Flags.HasFlag(MemberFlags.DirectProbeFailed))
            {
                view[probe.Member].Flags |= MemberFlags.UdpBlocked;
            }
        });
    }

    private void HandlePingRequest(int sender, PingRequest request)
    {
        var target = view.FindSession(request.Target);
        if (target < 0 || target == Self || helped.Count >= MaximumHelped)
        {
            return;
        }

        var number = ++probeNumber;
        helped[number] = (sender, view[sender].Session, request.Number);
        timers.Add(now + (Scaled(Timing.ProbeIndirect) * 8 / 10), TimerKind.HelpProbe, number);
        SendPing(target, number);
    }

    private void EndHelp(uint number)
    {
        if (helped.Remove(number, out var help) && view[help.Requester].Session == help.Session)
        {
            Send(help.Requester, new Datagram { Nack = new Nack { Number = help.Number } });
        }
    }

    private void HandleNack(Nack nack)
    {
        if (probes.TryGetValue(nack.Number, out var probe))
        {
            probe.SilentHelpers = Math.Max(0, probe.SilentHelpers - 1);
        }
    }

    private void ProbeOverTcp(int member, long timeoutTicks, Action<bool> ended) =>
        ProbeOverTcp(member, TimeSpan.FromTicks(timeoutTicks), ended);

    /// <summary>Asks over TCP who is there; somebody else there means that the member is gone.</summary>
    private void ProbeOverTcp(int member, TimeSpan timeout, Action<bool> ended)
    {
        var session = view[member].Session;
        var request = new BulkRequest { Probe = new ProbeRequest { Target = session } };
        Call(view[member].Record.Address, request, timeout, reply =>
        {
            var isKnown = view[member].Record is not null && view[member].Session == session;
            if (isKnown && reply?.Probe is { } answer && answer.Session != session && view[member].IsLive)
            {
                MarkDead(member, view[member].Incarnation);
            }

            ended(isKnown && reply?.Probe?.Session == session);
        });
    }

    private void EndTcpProbe(uint number, bool reached)
    {
        if (reached && probes.Remove(number, out var probe))
        {
            localHealth = Math.Max(0, localHealth - 1);
            view[probe.Member].Flags |= MemberFlags.UdpBlocked | MemberFlags.DirectProbeFailed;
        }
    }

    /// <summary>Answers a packet for somebody else at our address, an earlier start of ours included, so that the sender need not wait.</summary>
    private void SayNotMe(int sender, ulong wanted, ReadOnlySpan<byte> opened)
    {
        if (challengesLeft == 0 || !WireReader.TryParse(Datagram.Parser, opened, out var datagram) || datagram.Ping is null)
        {
            return;
        }

        challengesLeft--;
        Send(sender, new Datagram { Identity = CreateIdentity(wanted, datagram.Ping.Number) });
    }

    private Identity CreateIdentity(ulong wanted, uint number) => new()
    {
        Wanted = wanted,
        Number = number,
        Record = SelfRecord.Encoded,
        Incarnation = view[Self].Incarnation,
        Status = (uint)view[Self].Status,
    };

    private bool HandleIdentity(int sender, Identity identity, in PeerAddress from)
    {
        if (!memory.TryRead(identity.Record, out var record) || record!.Session != view[sender].Session
            || identity.Status > (uint)MemberStatus.Returning)
        {
            return false;
        }

        probes.Remove(identity.Number);
        ApplyAlive(sender, identity.Incarnation, (MemberStatus)identity.Status, sender);
        var wanted = view.FindSession(identity.Wanted);
        if (wanted >= 0 && wanted != sender && wanted != Self && view[wanted].IsLive && view[wanted].Record.Address == from)
        {
            MarkDead(wanted, view[wanted].Incarnation);
        }

        return true;
    }

    private long Scaled(TimeSpan duration) => duration.Ticks * (localHealth + 1);
}
