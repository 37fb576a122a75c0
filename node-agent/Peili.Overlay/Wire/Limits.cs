namespace Peili.Overlay.Wire;

/// <summary>Bounds on what is sent and on what is taken from a peer.</summary>
internal static class Limits
{
    /// <summary>A datagram, header and tag included: fits WireGuard's and Tailscale's smallest path (1,280 less their headers).</summary>
    public const int Datagram = 1_200;

    /// <summary>A bulk body, either way: a full view of 60,000 members is 7 MB.</summary>
    public const int Bulk = 16 * 1024 * 1024;

    /// <summary>Slot copies stop here and the rest is asked for anew.</summary>
    public const int SlotCopy = 1024 * 1024;

    /// <summary>Rows of news in a datagram; 1,200 bytes hold about 100.</summary>
    public const int NewsRows = 128;

    /// <summary>Keys in an announcement; 1,200 bytes hold 33.</summary>
    public const int AnnouncedKeys = 32;

    /// <summary>Holders in an answer.</summary>
    public const int Candidates = 3;

    /// <summary>Holders that an asker wants none of.</summary>
    public const int Avoided = 8;

    /// <summary>Full pushes and pulls served at once; more are sent elsewhere.</summary>
    public const int SyncsServed = 8;
}
