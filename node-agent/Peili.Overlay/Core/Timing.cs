namespace Peili.Overlay.Core;

/// <summary>The overlay's durations. Those that a simulation decided say so; docs/decisions has the figures.</summary>
internal static class Timing
{
    /// <summary>One member is probed each period (times the local health multiplier).</summary>
    public static readonly TimeSpan ProbePeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>A direct probe unanswered so long is tried through others.</summary>
    public static readonly TimeSpan ProbeDirect = TimeSpan.FromMilliseconds(150);

    /// <summary>And unanswered so long after that, over TCP.</summary>
    public static readonly TimeSpan ProbeIndirect = TimeSpan.FromMilliseconds(150);

    /// <summary>What a TCP probe gets until the verdict: three round trips and a handshake's CPU.</summary>
    public static readonly TimeSpan ProbeTcp = TimeSpan.FromMilliseconds(200);

    /// <summary>The bound of a TCP probe that no verdict waits for.</summary>
    public static readonly TimeSpan TcpCheck = TimeSpan.FromSeconds(2);

    /// <summary>How soon a member that answered through others only is probed again directly.</summary>
    public static readonly TimeSpan ProbeAgain = TimeSpan.FromSeconds(1);

    /// <summary>News goes out at this pace while there is any; the first, after a silence, at once.</summary>
    public static readonly TimeSpan GossipPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>What comes in together goes out together.</summary>
    public static readonly TimeSpan GossipGather = TimeSpan.FromMilliseconds(20);

    /// <summary>The shortest suspicion, up to 1,000 members: longer than the 3 s for which a busy node stalls.</summary>
    public static readonly TimeSpan ShortestSuspicion = TimeSpan.FromSeconds(3.75);

    /// <summary>A suspicion that nobody confirms lasts this many times the shortest.</summary>
    public const int LongestSuspicionFactor = 4;

    /// <summary>A suspect whose time is over is asked once more and gets this long.</summary>
    public static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(200);

    /// <summary>A timer later than this means that the process did not run.</summary>
    public static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(1);

    /// <summary>Each member tries one dead member so often.</summary>
    public static readonly TimeSpan DeadRetry = TimeSpan.FromSeconds(5);

    /// <summary>The dead are remembered, and tried, so long; the departed much shorter.</summary>
    public static readonly TimeSpan ForgetDead = TimeSpan.FromHours(24);

    public static readonly TimeSpan ForgetLeft = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan SyncWhileDifferent = TimeSpan.FromSeconds(1);

    /// <summary>While a difference may be news still on its way.</summary>
    public static readonly TimeSpan SyncWhileNews = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan SyncTimeout = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan JoinFirstRetry = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan JoinLongestRetry = TimeSpan.FromSeconds(10);

    /// <summary>A member that is not alone still asks a seed it does not know so often.</summary>
    public static readonly TimeSpan SeedCheck = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan TwinCheck = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan LongestHedge = TimeSpan.FromMilliseconds(3);

    public static readonly TimeSpan ShortestHedge = TimeSpan.FromMilliseconds(1);

    /// <summary>After this the trackers have had their chance.</summary>
    public static readonly TimeSpan LookupTrackers = TimeSpan.FromMilliseconds(10);

    /// <summary>Asking directly ends a lookup within 18 ms: a miss may cost 20.</summary>
    public static readonly TimeSpan LookupDirect = TimeSpan.FromMilliseconds(8);

    public static readonly TimeSpan AskDirectlyEvery = TimeSpan.FromSeconds(1);

    /// <summary>First retry of an announcement; each later one waits four times as long.</summary>
    public static readonly TimeSpan AnnounceRetry = TimeSpan.FromMilliseconds(4);

    public const int AnnounceAttempts = 7;

    /// <summary>New trackers are told within this time while two old ones live, else within the next one.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan SpreadUrgent = TimeSpan.FromMilliseconds(200);

    /// <summary>So long are withdrawals remembered, and no longer are records of a slot no longer tracked: it hears of none.</summary>
    public static readonly TimeSpan Tombstone = TimeSpan.FromSeconds(60);

    /// <summary>A dead member's records are kept so long.</summary>
    public static readonly TimeSpan KeepHidden = TimeSpan.FromMinutes(5);

    /// <summary>Records of a member's former start stay good so long after its restart: the blobs outlive the agent.</summary>
    public static readonly TimeSpan KeepFormerEpoch = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan CompareSlots = TimeSpan.FromSeconds(60);

    /// <summary>Owners compare with all their trackers once in this many steps of <see cref="SliceStep"/>: ten minutes.</summary>
    public const int SliceSteps = 60;

    public static readonly TimeSpan SliceStep = TimeSpan.FromSeconds(10);

    /// <summary>After a member was taken for dead it confirms its slices in this many steps.</summary>
    public const int ConfirmSteps = 20;

    public static readonly TimeSpan ConfirmStep = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan WarmRetry = TimeSpan.FromMilliseconds(500);

    /// <summary>A slot that nobody could copy from is warm after this: its owners have announced to it by then.</summary>
    public static readonly TimeSpan WarmAtLast = TimeSpan.FromSeconds(10);
}
