using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>What this member says and learns of itself: refutation, epochs, and others of its name.</summary>
internal sealed partial class MemberCore
{
    /// <summary>More jumps over a name at another address than this, and the two would leapfrog for ever.</summary>
    private const int MostJumps = 3;

    private MemberRecord? twin;
    private int jumps;
    private bool isCheckingTwin;
    private long lastRefutation;

    /// <summary>The datagram in hand says that this member is suspect or dead: its sender gets the truth with whatever answer it gets.</summary>
    private bool selfIsDoubted;

    /// <summary>Another live member has this name and a higher epoch: this one keeps still until that one is gone.</summary>
    public MemberRecord? SupersededBy { get; private set; }

    private bool IsActive => !isStopped && SupersededBy is null;

    private void Refute(Claim claim, uint incarnation, int teller)
    {
        ref var self = ref view[Self];
        selfIsDoubted = claim is Claim.Suspect or Claim.Dead;
        if (incarnation < self.Incarnation)
        {
            if (claim == Claim.Dead && teller >= 0)
            {
                // It was told that we live, and asks what has become of our records.
                ConfirmTo(teller);
            }

            if (claim is Claim.Suspect or Claim.Dead && now - lastRefutation > OnItsWay)
            {
                TellOfSelf(teller);
            }

            return;
        }

        if (claim is Claim.Joined or Claim.Alive && incarnation == self.Incarnation)
        {
            return;
        }

        counters.Refutations++;
        lastRefutation = now;
        localHealth = claim == Claim.Suspect ? Math.Min(LocalHealthLimit, localHealth + 1) : localHealth;
        view.Set(Self, incarnation + 1, MemberState.Alive, self.Status, now);
        Publish(Self, withRecord: false);
        TellOfSelf(teller);
        if (claim == Claim.Dead)
        {
            ConfirmToAll();
        }
    }

    private void TellOfSelf(int teller)
    {
        if (teller >= 0)
        {
            AddRow(memory.News, Self, withRecord: false, asSuspicion: false);
            Send(teller, new Datagram { News = memory.News.Finish() });
        }
    }

    private void SetStatus(MemberStatus status)
    {
        ref var self = ref view[Self];
        if (self.Status != status)
        {
            view.Set(Self, self.Incarnation + 1, MemberState.Alive, status, now);
            Publish(Self, withRecord: false);
        }
    }

    /// <summary>Has every member hear of this one again, under a higher incarnation: what it says of itself elsewhere has changed.</summary>
    public void TellOfChange()
    {
        if (IsActive)
        {
            ref var self = ref view[Self];
            view.Set(Self, self.Incarnation + 1, MemberState.Alive, self.Status, now);
            Publish(Self, withRecord: false);
        }
    }

    /// <summary>Moves to another zone. A record never changes within a session, so a new one begins.</summary>
    public void MoveTo(string zone)
    {
        if (currentZone == zone)
        {
            return;
        }

        currentZone = zone;
        if (placement.Contains(Self))
        {
            placement.Remove(Self);
        }

        JumpAbove(Epoch);
        Settle();
    }

    /// <summary>
    /// Somebody else's record bears our name. An earlier start of ours with a clock ahead is jumped over; a live twin of a higher
    /// epoch wins.
    /// </summary>
    private void MeetOwnName(MemberRecord other)
    {
        var mine = SelfRecord;
        if (other.Session == mine.Session || (other.Epoch, other.Session).CompareTo((mine.Epoch, mine.Session)) < 0)
        {
            return;
        }

        if (other.Address == mine.Address)
        {
            JumpAbove(other.Epoch);
        }
        else if (!isCheckingTwin)
        {
            twin = other;
            CheckTwin();
        }
    }

    private void CheckTwin()
    {
        var asked = twin!;
        isCheckingTwin = true;
        Call(asked.Address, new BulkRequest { Probe = new ProbeRequest { Target = asked.Session } }, Timing.TcpCheck, reply =>
        {
            isCheckingTwin = false;
            if (reply?.Probe?.Session == asked.Session || (SupersededBy is null && jumps >= MostJumps))
            {
                SupersededBy = asked;
                timers.Add(now + Timing.TwinCheck.Ticks, TimerKind.Twin);
                return;
            }

            jumps++;
            JumpAbove(asked.Epoch);
        });
    }

    /// <summary>Begins a new session above an epoch that others know for our name.</summary>
    private void JumpAbove(ulong epoch)
    {
        var wasSuperseded = SupersededBy is not null;
        SupersededBy = null;
        Epoch = Math.Max(epoch + 1, Epoch + 1);
        view.Replace(Self, CreateRecord(), 0, MemberState.Alive, view[Self].Status, now);
        sendCounter = 0;
        FollowPlacement(Self);
        AnnounceEverything();
        Publish(Self, withRecord: true);
        if (wasSuperseded)
        {
            Start();
        }
    }
}
