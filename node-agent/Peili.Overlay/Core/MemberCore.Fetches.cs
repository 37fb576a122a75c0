using Google.Protobuf.Collections;
using Peili.Overlay.ColdStart;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>The tracker's side of the cold start: who fetches what, and who streams from whom.</summary>
internal sealed partial class MemberCore
{
    private readonly FetchTable fetches = new();

    private bool HandleRoleRequest(int sender, RoleRequest message)
    {
        if (message.Key.Length != DirectoryKey.Size || message.Avoid.Count > Limits.Avoided || message.Number == 0
            || message.Offset > long.MaxValue || message.Size > long.MaxValue || !Enum.IsDefined(message.Reason))
        {
            return false;
        }

        var key = DirectoryKey.FromBytes(message.Key.Span);
        var first = InGrantOrder(placement.Of(key.Slot)).First;
        if (first != Self && message is { EarlierAreSilent: false, Asker: 0 } && first < view.End)
        {
            message.Asker = view[sender].Session;
            Send(first, new Datagram { RoleRequest = message });
            return true;
        }

        var asker = message.Asker == 0 ? sender : view.FindSession(message.Asker);
        if (asker >= 0 && asker != Self)
        {
            var question = new GrantRequest(key, message.Request, (long)message.Offset, (long)message.Size, (GrantReason)message.Reason, (int)Math.Min(message.Load, int.MaxValue), []);
            Send(asker, new Datagram { RoleReply = DecideRole(asker, message.Number, question, message.Avoid) });
        }

        return true;
    }

    private RoleReply DecideRole(int asker, uint number, in GrantRequest question, RepeatedField<ulong> avoid)
    {
        var key = question.Key;
        var reply = new RoleReply { Number = number };
        if (!tracked.Warm.Contains(key.Slot) || fetches.Begin(key, view[asker].NameHash) is not { } fetch)
        {
            return reply;
        }

        var holders = CountHolders(key, asker, avoid);
        var me = fetch.Join(view[asker].NameHash, now);
        var role = fetch.Decide(me, question, holders, now);
        me.Waiting = role == FetchRole.Wait ? number : 0;
        reply.Ordinal = me.Ordinal;
        switch (role)
        {
            case FetchRole.Origin:
                reply.Role = Role.Origin;
                TellCoTrackers(key, asker, question.Offset);
                break;
            case FetchRole.Child:
                reply.Role = Role.Child;
                AddSources(reply, key, fetch, me, question.IsSmall ? int.MaxValue : holders, avoid);
                break;
            default:
                reply.Role = role == FetchRole.Wait ? Role.Wait : Role.Denied;
                break;
        }

        return reply;
    }

    private void AddSources(RoleReply reply, DirectoryKey key, Fetch fetch, Participant me, int holders, RepeatedField<ulong> avoid)
    {
        Span<ulong> sources = stackalloc ulong[Limits.Candidates];
        var found = fetch.ChooseSources(me, holders, name => view.FindName(name) is var member and >= 0 && view[member].IsLive && !avoid.Contains(view[member].Session), sources);
        foreach (var source in sources[..found])
        {
            NameMember(view.FindName(source), reply.Candidate, reply.Record);
        }

        if (found == Limits.Candidates)
        {
            return;
        }

        Span<int> chosen = stackalloc int[Limits.Candidates - found];
        foreach (var holder in chosen[..ChooseHolders(key, view.FindName(me.Member), avoid, chosen)])
        {
            NameMember(holder, reply.Candidate, reply.Record);
        }
    }

    private int CountHolders(DirectoryKey key, int asker, RepeatedField<ulong> avoid)
    {
        if (tracked.Find(key.Slot) is not { } slot)
        {
            return 0;
        }

        var count = 0;
        var records = slot.Of(key);
        for (var at = 0; at < Math.Min(records.Length, MostExamined); at++)
        {
            count += HolderOf(records[at]) is var holder and >= 0 && holder != asker && !avoid.Contains(view[holder].Session) ? 1 : 0;
        }

        return count;
    }

    private void TellCoTrackers(DirectoryKey key, int member, long mark)
    {
        var trackers = placement.Of(key.Slot);
        for (var place = 0; place < trackers.Count; place++)
        {
            if (trackers[place] != Self && trackers[place] != member)
            {
                Send(trackers[place], new Datagram { LeaseReport = new LeaseReport { Key = BytesOf(key), Mark = (ulong)mark, Origin = view[member].Session } });
            }
        }
    }

    private bool HandleLeaseReport(int sender, LeaseReport report)
    {
        if (report.Key.Length != DirectoryKey.Size || report.Mark > long.MaxValue || !Enum.IsDefined(report.Stage))
        {
            return false;
        }

        var key = DirectoryKey.FromBytes(report.Key.Span);
        var fetching = report.Origin == 0 ? sender : view.FindSession(report.Origin);
        if (fetching >= 0 && tracked.Mine.Contains(key.Slot))
        {
            TakeReport(fetching, key, (LeasePhase)report.Stage, (long)report.Mark);
        }

        return true;
    }

    private void TakeReport(int member, DirectoryKey key, LeasePhase phase, long mark)
    {
        if (phase == LeasePhase.Released)
        {
            fetches.Find(key)?.Leave(view[member].NameHash);
        }
        else
        {
            fetches.Begin(key, view[member].NameHash)?.Report(view[member].NameHash, mark, now);
        }
    }

    /// <summary>Somebody has this blob now: it fetches it no more, and the next who wait for it are told.</summary>
    private void FollowFetch(int owner, DirectoryKey key)
    {
        if (fetches.Find(key) is { } fetch)
        {
            fetch.Leave(view[owner].NameHash);
            TellWaiting(key, fetch);
        }
    }

    private void TellWaiting(DirectoryKey key, Fetch fetch)
    {
        while (fetch.NextWaiting() is { } waiting)
        {
            var member = view.FindName(waiting.Member);
            var holders = CountHolders(key, member, []);
            if (fetch.IsWaveFull(holders, now))
            {
                return;
            }

            var number = waiting.Waiting;
            waiting.Waiting = 0;
            waiting.ToldAt = now;
            var reply = new RoleReply { Number = number, Role = Role.Child, Ordinal = waiting.Ordinal };
            AddSources(reply, key, fetch, waiting, int.MaxValue, []);
            if (member == Self && roleOperations.TryGetValue(number, out var operation))
            {
                TakeRoleReply(number, operation, reply);
            }
            else if (member >= 0 && member != Self)
            {
                Send(member, new Datagram { RoleReply = reply });
            }
        }
    }
}
