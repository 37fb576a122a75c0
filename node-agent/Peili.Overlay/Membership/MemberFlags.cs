namespace Peili.Overlay.Membership;

/// <summary>What this node alone knows of a member; never gossiped.</summary>
[Flags]
internal enum MemberFlags : ushort
{
    None = 0,

    /// <summary>Its answers come over TCP or through others only: a firewall drops UDP between it and this node.</summary>
    UdpBlocked = 1,

    /// <summary>A request to it failed: not offered to this node until it answers a TCP probe.</summary>
    Avoided = 2,

    /// <summary>The last direct probe went unanswered although it lives; a second one in a row asks TCP.</summary>
    DirectProbeFailed = 4,

    /// <summary>It is in the queue of news.</summary>
    Queued = 8,

    /// <summary>Its records wait for a slice summary: it was dead to us, and may have withdrawn keys meanwhile.</summary>
    Unconfirmed = 16,
}
