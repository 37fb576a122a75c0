namespace Peili.Overlay;

/// <summary>What the overlay has done since it started; a copy, taken at one moment.</summary>
public sealed class OverlayCounters
{
    private readonly long[] dropped = new long[Enum.GetValues<DropReason>().Length];

    private OverlayCounters(OverlayCounters other)
    {
        DatagramsSent = other.DatagramsSent;
        DatagramBytesSent = other.DatagramBytesSent;
        DatagramsReceived = other.DatagramsReceived;
        BulkBytesSent = other.BulkBytesSent;
        Lookups = other.Lookups;
        LookupsHedged = other.LookupsHedged;
        LookupsAskedDirectly = other.LookupsAskedDirectly;
        Suspicions = other.Suspicions;
        Deaths = other.Deaths;
        Refutations = other.Refutations;
        Stalls = other.Stalls;
        Syncs = other.Syncs;
        AnnouncementsGivenUp = other.AnnouncementsGivenUp;
        LongestNewsQueued = other.LongestNewsQueued;
        other.dropped.CopyTo(dropped, 0);
    }

    internal OverlayCounters()
    {
    }

    /// <summary>Datagrams given to the transport.</summary>
    public long DatagramsSent { get; internal set; }

    /// <summary>Their bytes, without IP and UDP headers.</summary>
    public long DatagramBytesSent { get; internal set; }

    /// <summary>Datagrams that the transport handed in, dropped ones included.</summary>
    public long DatagramsReceived { get; internal set; }

    /// <summary>Bytes of bulk requests and replies, without HTTP and TLS.</summary>
    public long BulkBytesSent { get; internal set; }

    /// <summary>Lookups begun.</summary>
    public long Lookups { get; internal set; }

    /// <summary>Lookups whose first tracker did not answer within the hedge delay.</summary>
    public long LookupsHedged { get; internal set; }

    /// <summary>Lookups that had to ask members directly.</summary>
    public long LookupsAskedDirectly { get; internal set; }

    /// <summary>Suspicions begun here, whether on own evidence or on a peer's word.</summary>
    public long Suspicions { get; internal set; }

    /// <summary>Members taken for dead here.</summary>
    public long Deaths { get; internal set; }

    /// <summary>Times this node had to say that it lives.</summary>
    public long Refutations { get; internal set; }

    /// <summary>Times this node found that it had not run for a while.</summary>
    public long Stalls { get; internal set; }

    /// <summary>Pushes and pulls begun.</summary>
    public long Syncs { get; internal set; }

    /// <summary>Announcements that a tracker never acknowledged.</summary>
    public long AnnouncementsGivenUp { get; internal set; }

    /// <summary>The longest that a piece of news waited for the last of its transmissions.</summary>
    public TimeSpan LongestNewsQueued { get; internal set; }

    /// <summary>Datagrams dropped for one reason.</summary>
    /// <param name="reason">The reason.</param>
    public long Dropped(DropReason reason) => dropped[(int)reason];

    internal void CountDrop(DropReason reason) => dropped[(int)reason]++;

    internal OverlayCounters Copy() => new(this);
}
