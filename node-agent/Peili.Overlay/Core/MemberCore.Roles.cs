using Peili.Overlay.ColdStart;
using Peili.Overlay.Directory;
using Peili.Overlay.Membership;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>
/// The asker's side of the cold start: one tracker at a time gives out a blob's roles, or there would be two origins; so it is never
/// hedged, and the next one is asked only when it is silent or unsure.
/// </summary>
internal sealed partial class MemberCore
{
    private const int MostRoleOperations = 1024;
    private const int TriesPerTracker = 2;

    private readonly Dictionary<uint, RoleOperation> roleOperations = [];
    private uint roleNumber;

    public void AskRole(in GrantRequest request, TimeSpan patience, Action<Grant> done)
    {
        if (!IsActive || roleOperations.Count >= MostRoleOperations)
        {
            done(Grant.None);
            return;
        }

        var operation = new RoleOperation(request, InGrantOrder(placement.Of(request.Key.Slot)), now + patience.Ticks, done);
        var number = ++roleNumber;
        roleOperations[number] = operation;
        AskForRole(number, operation);
    }

    /// <summary>An origin tells the trackers how far it is, again and again; its lease lives on that.</summary>
    public void ReportLease(DirectoryKey key, LeasePhase phase, long mark)
    {
        var trackers = IsActive ? placement.Of(key.Slot) : Trackers.None;
        var report = new LeaseReport { Key = BytesOf(key), Stage = (LeaseStage)phase, Mark = (ulong)mark };
        for (var place = 0; place < trackers.Count; place++)
        {
            if (trackers[place] == Self)
            {
                TakeReport(Self, key, phase, mark);
            }
            else
            {
                Send(trackers[place], new Datagram { LeaseReport = report });
            }
        }
    }

    public IReadOnlyList<string> TrackersOf(DirectoryKey key)
    {
        var trackers = InGrantOrder(placement.Of(key.Slot));
        var names = new string[trackers.Count];
        for (var place = 0; place < names.Length; place++)
        {
            names[place] = view[trackers[place]].Record.Name;
        }

        return names;
    }

    public LookupCandidate? FindMember(string name) => FindLive(name) is var member and >= 0 && member != Self
        ? new LookupCandidate(view[member].Record.Name, view[member].Record.Address, view[member].Record.Zone)
        : null;

    /// <summary>All members ask the same one first: the slot's best tracker that nobody suspects.</summary>
    private Trackers InGrantOrder(Trackers trackers) => Order(trackers, tracker => IsDoubtful(tracker) ? 1 : 0);

    private bool IsDoubtful(int tracker) =>
        tracker != Self && (view[tracker].State == MemberState.Suspect || view[tracker].Flags.HasFlag(MemberFlags.UdpBlocked));

    private void AskForRole(uint number, RoleOperation operation)
    {
        if (operation.Place >= operation.Trackers.Count || now >= operation.Deadline)
        {
            EndRole(number, operation, Grant.None);
            return;
        }

        operation.NextAt = Math.Min(now + operation.Step, operation.Deadline);
        timers.Add(operation.NextAt, TimerKind.Role, number);
        var tracker = operation.Trackers[operation.Place];
        var question = operation.Request;
        var avoid = question.Avoid.Select(FindLive).Where(static member => member >= 0).Take(Limits.Avoided).Select(member => view[member].Session);
        if (tracker == Self)
        {
            TakeRoleReply(number, operation, DecideRole(Self, number, question, [.. avoid]));
            return;
        }

        var message = new RoleRequest
        {
            Number = number,
            Key = BytesOf(question.Key),
            Request = question.Request,
            Offset = (ulong)question.Offset,
            Size = (ulong)question.Size,
            Reason = (RoleReason)question.Reason,
            Load = (uint)question.Load,
            EarlierAreSilent = operation.Place > 0,
        };
        message.Avoid.AddRange(avoid);
        Send(tracker, new Datagram { RoleRequest = message });
    }

    private int FindLive(string name)
    {
        var member = view.FindName(MemberRecord.HashOf(System.Text.Encoding.UTF8.GetBytes(name)));
        return member >= 0 && view[member].IsLive ? member : -1;
    }

    private void AdvanceRole(uint number)
    {
        if (!roleOperations.TryGetValue(number, out var operation) || now < operation.NextAt)
        {
            return;
        }

        if (operation.Trackers[operation.Place] != Self && ++operation.Tries >= TriesPerTracker)
        {
            operation.Place++;
            operation.Tries = 0;
            operation.Step = ColdStartLimits.AskAgain.Ticks;
        }

        AskForRole(number, operation);
    }

    private bool HandleRoleReply(int sender, RoleReply reply)
    {
        if (reply.Candidate.Count > Limits.Candidates || reply.Record.Count > Limits.Candidates)
        {
            return false;
        }

        if (roleOperations.TryGetValue(reply.Number, out var operation) && operation.Trackers.Contains(sender))
        {
            TakeRoleReply(reply.Number, operation, reply);
        }

        return true;
    }

    private void TakeRoleReply(uint number, RoleOperation operation, RoleReply reply)
    {
        switch (reply.Role)
        {
            case Role.Origin:
                EndRole(number, operation, new Grant(GrantKind.Origin, [], reply.Ordinal));
                break;
            case Role.Denied:
                EndRole(number, operation, new Grant(GrantKind.Denied, [], reply.Ordinal));
                break;
            case Role.Child:
                EndRole(number, operation, new Grant(GrantKind.Child, CandidatesOf(reply.Candidate, reply.Record), reply.Ordinal));
                break;
            case Role.Wait:
                operation.Tries = 0;
                operation.Step = Math.Min(operation.Step + ColdStartLimits.AskAgain.Ticks, ColdStartLimits.WaitStep.Ticks);
                break;
            default:
                operation.Place++;
                operation.Tries = 0;
                AskForRole(number, operation);
                break;
        }
    }

    private void EndRole(uint number, RoleOperation operation, Grant grant)
    {
        roleOperations.Remove(number);
        operation.Done(grant);
    }
}
