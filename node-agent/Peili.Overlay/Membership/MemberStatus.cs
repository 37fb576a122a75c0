namespace Peili.Overlay;

/// <summary>What a member says of itself.</summary>
public enum MemberStatus
{
    /// <summary>New: it copies what it will track, and is no tracker yet.</summary>
    Warming = 0,

    /// <summary>It tracks its slots.</summary>
    Ready = 1,

    /// <summary>It is going: offer nothing of it.</summary>
    Leaving = 2,

    /// <summary>Back before anybody took it for dead: still a tracker, but it answers "unsure" until it has copied its slots anew.</summary>
    Returning = 3,
}
