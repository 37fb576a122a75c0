using Google.Protobuf;
using Google.Protobuf.Collections;
using Peili.Overlay.Directory;
using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>
/// Lookups: one round trip to the first tracker, hedged to the second. "Nobody" takes two trackers that are sure; without them members
/// are asked directly, seldom.
/// </summary>
internal sealed partial class MemberCore
{
    private const int MostLookups = 1024;
    private const int MostAskedDirectly = 64;
    private const int SureAnswersWanted = 2;

    private readonly Dictionary<uint, LookupOperation> lookups = [];
    private uint lookupNumber;
    private long lastDirect = long.MinValue / 2;

    /// <summary>Smoothed round trip to trackers, in ticks (RFC 6298, 2.3, without the variance).</summary>
    private long smoothedRoundTrip = TimeSpan.TicksPerMillisecond;

    public void Lookup(DirectoryKey key, Action<LookupResult> done)
    {
        counters.Lookups++;
        if (!IsActive || lookups.Count >= MostLookups)
        {
            done(LookupResult.Unsure);
            return;
        }

        var number = ++lookupNumber;
        var operation = new LookupOperation(key, OrderTrackers(placement.Of(key.Slot)), now, done);
        lookups[number] = operation;
        AskNext(number, operation);
    }

    /// <summary>A transfer from this peer failed: it is not offered again to this node before it answers over TCP.</summary>
    public bool ReportFailure(string name)
    {
        var member = FindLive(name);
        if (member < 0 || member == Self || view[member].Flags.HasFlag(MemberFlags.Avoided))
        {
            return false;
        }

        view[member].Flags |= MemberFlags.Avoided;
        CheckAvoided(member);
        return true;
    }

    /// <summary>Asks a member over TCP whether it is there.</summary>
    public void Reach(string name, TimeSpan patience, Action<bool> done)
    {
        var member = FindLive(name);
        if (member < 0 || member == Self)
        {
            done(false);
            return;
        }

        ProbeOverTcp(member, patience, done);
    }

    private void CheckAvoided(int member) => ProbeOverTcp(member, Timing.TcpCheck, reached =>
    {
        if (reached)
        {
            view[member].Flags &= ~MemberFlags.Avoided;
        }
    });

    private Trackers OrderTrackers(Trackers trackers) => Order(trackers, Rank);

    /// <summary>The lowest rank first, and of equal ones those of the better place.</summary>
    private static Trackers Order(Trackers trackers, Func<int, int> rankOf)
    {
        Span<ushort> order = [trackers.First, trackers.Second, trackers.Third];
        order[..trackers.Count].Sort((left, right) => rankOf(left).CompareTo(rankOf(right)) is var rank and not 0
            ? rank
            : PlaceOf(left, trackers).CompareTo(PlaceOf(right, trackers)));
        return new Trackers(order[0], order[1], order[2]);
    }

    private int Rank(int tracker) =>
        tracker == Self ? 0 : view[tracker].Flags.HasFlag(MemberFlags.UdpBlocked) ? 3 : view[tracker].State == MemberState.Suspect ? 2 : 1;

    private static int PlaceOf(int tracker, Trackers trackers) => trackers.First == tracker ? 0 : trackers.Second == tracker ? 1 : 2;

    private void AskNext(uint number, LookupOperation operation)
    {
        if (operation.Asked == operation.Trackers.Count)
        {
            if (operation.Answered == (1 << operation.Asked) - 1)
            {
                AskDirectly(number, operation);
            }

            return;
        }

        var place = operation.Asked++;
        operation.AskedAt[place] = now;
        var tracker = operation.Trackers[place];
        if (tracker == Self)
        {
            AnswerMyself(number, operation, place);
            return;
        }

        SendLookup(number, operation, tracker);

        // Three round trips, but not so soon that jitter doubles the traffic, and never later than a miss can bear.
        var hedge = Math.Clamp(3 * smoothedRoundTrip, Timing.ShortestHedge.Ticks, Timing.LongestHedge.Ticks);
        timers.Add(now + hedge, TimerKind.Lookup, number);
    }

    private void SendLookup(uint number, LookupOperation operation, int tracker)
    {
        var message = new Lookup { Number = number, Key = BytesOf(operation.Key) };
        AddAvoided(message);
        Send(tracker, new Datagram { Lookup = message });
    }

    /// <summary>
    /// All were asked, and some are silent: a lost packet is likelier than three dead trackers. Those that knew nothing a moment ago are
    /// asked as well, for an announcement may have come meanwhile.
    /// </summary>
    private void AskAgain(uint number, LookupOperation operation)
    {
        operation.IsRepeated = true;
        for (var place = 0; place < operation.Asked; place++)
        {
            if (operation.Trackers[place] != Self)
            {
                SendLookup(number, operation, operation.Trackers[place]);
            }
        }

        timers.Add(Math.Max(now + 1, operation.Start + Timing.LookupTrackers.Ticks), TimerKind.Lookup, number);
    }

    private void AnswerMyself(uint number, LookupOperation operation, int place)
    {
        Span<int> holders = stackalloc int[Limits.Candidates];
        holders = holders[..ChooseHolders(operation.Key, Self, [], holders)];
        var candidates = new List<LookupCandidate>(Limits.Candidates);
        foreach (var holder in holders)
        {
            AddCandidate(candidates, holder);
        }

        TakeAnswer(number, operation, place, candidates, tracked.Warm.Contains(operation.Key.Slot));
    }

    private void AddAvoided(Lookup message)
    {
        if (avoidedCount == 0)
        {
            return;
        }

        for (var member = 0; member < view.End && message.Avoid.Count < Limits.Avoided; member++)
        {
            if (view[member].IsLive && view[member].Flags.HasFlag(MemberFlags.Avoided))
            {
                message.Avoid.Add(view[member].Session);
            }
        }
    }

    private void AdvanceLookup(uint number)
    {
        if (!lookups.TryGetValue(number, out var operation))
        {
            return;
        }

        if (operation.IsDirect)
        {
            if (now >= operation.Start + Timing.LookupTrackers.Ticks)
            {
                End(number, operation, LookupResult.Unsure);
            }
        }
        else if (operation.Asked < operation.Trackers.Count)
        {
            counters.LookupsHedged++;
            AskNext(number, operation);
        }
        else if (!operation.IsRepeated)
        {
            AskAgain(number, operation);
        }
        else if (now >= operation.Start + Timing.LookupTrackers.Ticks)
        {
            AskDirectly(number, operation);
        }
    }

    private bool HandleLookupReply(int sender, LookupReply reply)
    {
        if (reply.Holder.Count > Limits.Candidates || reply.Record.Count > Limits.Candidates)
        {
            return false;
        }

        if (!lookups.TryGetValue(reply.Number, out var operation) || !operation.Trackers.Contains(sender))
        {
            return true;
        }

        var place = PlaceOf(sender, operation.Trackers);
        if (place >= operation.Asked || ((operation.Answered & (1 << place)) != 0 && reply.Holder.Count == 0))
        {
            return true;
        }

        smoothedRoundTrip += (now - operation.AskedAt[place] - smoothedRoundTrip) / 8;
        var candidates = CandidatesOf(reply.Holder, reply.Record);
        TakeAnswer(reply.Number, operation, place, candidates, reply.Certainty == Certainty.Sure);
        return true;
    }

    private List<LookupCandidate> CandidatesOf(RepeatedField<ulong> sessions, RepeatedField<ByteString> records)
    {
        var candidates = new List<LookupCandidate>(Limits.Candidates);
        foreach (var session in sessions)
        {
            AddCandidate(candidates, view.FindSession(session));
        }

        foreach (var encoded in candidates.Count < sessions.Count ? records : [])
        {
            // A member so new that its news has not come here yet.
            if (memory.TryRead(encoded, out var record) && view.FindName(record!.NameHash) < 0)
            {
                candidates.Add(new LookupCandidate(record.Name, record.Address, record.Zone));
            }
        }

        return candidates;
    }

    private void AddCandidate(List<LookupCandidate> candidates, int member)
    {
        if (member >= 0 && member != Self && view[member].IsLive && !view[member].Flags.HasFlag(MemberFlags.Avoided))
        {
            var record = view[member].Record;
            candidates.Add(new LookupCandidate(record.Name, record.Address, record.Zone));
        }
    }

    private void TakeAnswer(uint number, LookupOperation operation, int place, List<LookupCandidate> candidates, bool isSure)
    {
        operation.Answered |= 1 << place;
        if (candidates.Count > 0)
        {
            End(number, operation, new LookupResult(LookupOutcome.Found, candidates));
            return;
        }

        operation.Sure += isSure ? 1 : 0;
        if (operation.Sure > 0 && operation.Sure >= Math.Min(SureAnswersWanted, operation.Trackers.Count))
        {
            End(number, operation, LookupResult.NotFound);
        }
        else if (!operation.IsDirect && BitCount(operation.Answered) == operation.Asked)
        {
            AskNext(number, operation);
        }
    }

    private static int BitCount(int bits) => System.Numerics.BitOperations.PopCount((uint)bits);

    /// <summary>The last resort, so that an air-gapped cluster loses nothing that somebody holds.</summary>
    private void AskDirectly(uint number, LookupOperation operation)
    {
        if (now - lastDirect < Timing.AskDirectlyEvery.Ticks || IsAlone)
        {
            End(number, operation, LookupResult.Unsure);
            return;
        }

        counters.LookupsAskedDirectly++;
        lastDirect = now;
        operation.IsDirect = true;
        var message = new Datagram { Ask = new Ask { Number = number, Key = BytesOf(operation.Key) } };
        var asked = new HashSet<int>();
        for (var attempt = 0; attempt < 4 * MostAskedDirectly && asked.Count < Math.Min(MostAskedDirectly, view.LiveCount - 1); attempt++)
        {
            asked.Add(view.Choose(ref choice, Self, default(LiveMembers)));
        }

        asked.Remove(-1);
        foreach (var member in asked)
        {
            Send(member, message);
        }

        operation.DirectOpen = asked.Count;
        timers.Add(Math.Max(now, operation.Start + Timing.LookupTrackers.Ticks) + Timing.LookupDirect.Ticks, TimerKind.Lookup, number);
    }

    private void HandleAskReply(int sender, AskReply reply)
    {
        if (!lookups.TryGetValue(reply.Number, out var operation) || !operation.IsDirect)
        {
            return;
        }

        operation.DirectOpen--;
        var candidates = new List<LookupCandidate>(1);
        if (reply.Has)
        {
            AddCandidate(candidates, sender);
        }

        if (candidates.Count > 0)
        {
            End(reply.Number, operation, new LookupResult(LookupOutcome.Found, candidates));
        }
        else if (operation.DirectOpen == 0)
        {
            End(reply.Number, operation, LookupResult.Unsure);
        }
    }

    private void End(uint number, LookupOperation operation, LookupResult result)
    {
        lookups.Remove(number);
        operation.Done(result);
    }
}
