namespace Peili.Overlay;

/// <summary>Why a datagram was dropped.</summary>
public enum DropReason
{
    /// <summary>No header, or none that this build reads.</summary>
    Malformed,

    /// <summary>A protocol version that is neither ours nor a neighbour of ours.</summary>
    Version,

    /// <summary>Sealed under a key that this node does not have, or not sealed at all.</summary>
    UnknownKey,

    /// <summary>The seal does not fit: forged or damaged.</summary>
    Forged,

    /// <summary>A counter that was seen before or is too old to tell; or a cookie or challenge of another time.</summary>
    Replayed,

    /// <summary>From a session that this node does not know; it was challenged.</summary>
    UnknownSession,

    /// <summary>Meant for another session than this one: another member, or an earlier start of this one.</summary>
    WrongAddressee,

    /// <summary>Opened, but its contents break a rule or a limit.</summary>
    Invalid,
}
