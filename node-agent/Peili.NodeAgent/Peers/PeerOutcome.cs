namespace Peili.NodeAgent.Peers;

/// <summary>How a request to a peer ended, before its body.</summary>
internal enum PeerOutcome
{
    /// <summary>The peer has it; the body, if any, is open.</summary>
    Found,

    /// <summary>The peer answered that it does not have it.</summary>
    Absent,

    /// <summary>The peer has it, but not the bytes asked for (416).</summary>
    RangeNotSatisfiable,

    /// <summary>The peer has it, or has it coming, and serves it to others (503 with <c>X-Peili-Instead</c>).</summary>
    Refused,

    /// <summary>No usable answer: refused, broken, too slow, or not what the protocol allows.</summary>
    Failed,

    /// <summary>Given up by this agent, for another peer was faster or the client left.</summary>
    Cancelled,
}
