using Peili.Overlay.Directory;
using Peili.Overlay.Membership;
using Peili.Overlay.Security;

namespace Peili.Overlay.Core;

/// <summary>
/// One member of the overlay: a single-threaded actor that packets, calls and timers drive. Its parts are in the files beside this
/// one, a verb each. Times are ticks of 100 ns since it was made, plus one, so that 0 is never a time.
/// </summary>
internal sealed partial class MemberCore
{
    private readonly OverlayOptions options;
    private readonly TimeProvider time;
    private readonly IRandomSource random;
    private readonly IOverlayTransport transport;
    private readonly SharedMemory memory;
    private readonly PacketSeal seal;
    private readonly Cookies cookies;
    private readonly TimerQueue timers = new();
    private readonly MemberView view = new();
    private readonly NewsQueue news = new();
    private readonly PlacementTable placement = new();
    private readonly OverlayCounters counters = new();
    private readonly long origin;
    private Choice choice;
    private long now = 1;
    private long stallsCountedUntil;
    private bool isStopped;
    private string currentZone;

    /// <summary>There was a stall, and no timer may run before the socket is empty.</summary>
    private bool mustDrain;

    public MemberCore(
        OverlayOptions options, TimeProvider time, IRandomSource random, IOverlayTransport transport, SharedMemory memory)
    {
        this.options = options;
        this.time = time;
        this.random = random;
        this.transport = transport;
        this.memory = memory;
        seal = new PacketSeal(options.Keys, memory.Ciphers);
        cookies = new Cookies(random);
        currentZone = options.Zone;
        origin = time.GetTimestamp();
        choice = new Choice(BootId.Draw(random).Rest);
        Epoch = Math.Max((ulong)Math.Max(1, time.GetUtcNow().ToUnixTimeMilliseconds()), options.PersistedEpoch + 1);
        Self = view.Add(CreateRecord(), 0, MemberState.Alive, MemberStatus.Warming, now);
        FollowPlacement(Self);
    }

    /// <summary>Told of every change of a member's state or session, after it happened. The old state is null for a new member.</summary>
    public Action<MemberRecord, MemberState?, MemberState>? StateChanged { get; set; }

    public ulong Epoch { get; private set; }

    /// <summary>This member's own row in the view.</summary>
    public int Self { get; private set; }

    public MemberView View => view;

    public PlacementTable Placement => placement;

    public OverlayCounters Counters => counters;

    /// <summary>When something is due next, in ticks. Most probes are answered at once: nobody is to be woken for what they would have done.</summary>
    public long NextDue
    {
        get
        {
            while (timers.First is { Kind: TimerKind.Probe } first && !probes.ContainsKey(first.Number))
            {
                timers.Take();
            }

            return timers.NextDue;
        }
    }

    /// <summary>The time of the entry under way.</summary>
    public long Now => now;

    public MemberRecord SelfRecord => view[Self].Record;

    /// <summary>Reads the clock; every entry from outside begins with it. Timers far behind mean that the process did not run.</summary>
    public void Enter()
    {
        now = time.GetElapsedTime(origin).Ticks + 1;
        var late = now - Math.Max(NextDue, stallsCountedUntil);
        if (late >= Timing.Stall.Ticks && !isStopped)
        {
            stallsCountedUntil = now;
            CountStall(late);
        }
    }

    public void Start()
    {
        Enter();
        timers.Add(now + choice.Below(Timing.ProbePeriod), TimerKind.ProbeRound);
        timers.Add(now + choice.Below(Timing.Housekeeping), TimerKind.Housekeeping);
        timers.Add(now + choice.Below(Timing.SliceStep), TimerKind.Slice);
        Join();
        Settle();
    }

    /// <summary>Runs what is due. After a stall the socket comes first: what waits there may refute what the timers would conclude.</summary>
    public void Wake()
    {
        Enter();
        if (mustDrain)
        {
            mustDrain = false;
            transport.Drain();
        }

        while (timers.NextDue <= now && !isStopped)
        {
            Run(timers.Take());
        }

        Settle();
    }

    /// <summary>Says goodbye to as many as news is sent to, and falls silent.</summary>
    public void Leave()
    {
        Enter();
        ref var self = ref view[Self];
        view.Set(Self, self.Incarnation + 1, MemberState.Left, MemberStatus.Leaving, now);
        news.Put(ref self, Self, withRecord: false, now);
        for (var round = 0; round < LeaveRounds; round++)
        {
            SendNews(LeaveFanOut);
        }

        isStopped = true;
    }

    public void UpdateKeys(ClusterKeys keys) => seal.Keys = keys;

    private void Run(TimerQueue.Timer timer)
    {
        if (SupersededBy is not null && timer.Kind != TimerKind.Twin)
        {
            return;
        }

        switch (timer.Kind)
        {
            case TimerKind.ProbeRound:
                ProbeSomebody();
                break;
            case TimerKind.Probe:
                AdvanceProbe(timer.Number);
                break;
            case TimerKind.HelpProbe:
                EndHelp(timer.Number);
                break;
            case TimerKind.ProbeAgain:
                ProbeAgain((int)timer.Number);
                break;
            case TimerKind.Gossip:
                Gossip(timer.Due);
                break;
            case TimerKind.Suspicion:
                ReviewSuspicion((int)timer.Number);
                break;
            case TimerKind.Lookup:
                AdvanceLookup(timer.Number);
                break;
            case TimerKind.Role:
                AdvanceRole(timer.Number);
                break;
            case TimerKind.Announce:
                RetryAnnouncement(timer.Number);
                break;
            case TimerKind.Spread:
                AnnounceSlots((int)timer.Number);
                break;
            case TimerKind.Slice:
                CompareSlices();
                break;
            case TimerKind.Confirm:
                ConfirmSlices();
                break;
            case TimerKind.Warm:
                CopySlots();
                break;
            case TimerKind.Join:
                Join();
                break;
            case TimerKind.Twin:
                CheckTwin();
                break;
            case TimerKind.Housekeeping:
                KeepHouse();
                break;
        }
    }

    /// <summary>Follows up what the entry changed, once, however many members changed in it.</summary>
    private void Settle()
    {
        if (placement.AnyChanged)
        {
            FollowTrackers();
        }
    }

    private void CountStall(long stalled)
    {
        mustDrain = true;
        counters.Stalls++;
        localHealth = Math.Min(LocalHealthLimit, localHealth + 1);
        foreach (var suspicion in suspicions.Values)
        {
            suspicion.Stalled += stalled;
            suspicion.LastWordDue += suspicion.LastWordDue == 0 ? 0 : stalled;
        }

        // A probe that ran into the stall proves nothing.
        probes.Clear();
        helped.Clear();
    }

    private MemberRecord CreateRecord() => MemberRecord.Create(
        options.Name, BootId.Draw(random), Epoch, options.AdvertiseAddress, currentZone, options.Version);
}
