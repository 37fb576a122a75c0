using System.Runtime.InteropServices;
using Peili.Overlay.Security;

namespace Peili.Overlay.Membership;

/// <summary>One row of the view, 64 bytes: 5,000 members are 320 kB.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MemberEntry
{
    public MemberRecord Record;
    public ulong NameHash;
    public ulong Session;

    /// <summary>Raised by the member itself alone, to refute a suspicion or to tell a new status (SWIM, 4.2).</summary>
    public uint Incarnation;
    public MemberState State;
    public MemberStatus Status;
    public MemberFlags Flags;

    /// <summary>When the state or the session last changed, in ticks of the member's clock.</summary>
    public long ChangedAt;
    public ReplayWindow Replay;

    public readonly bool IsLive => Record is not null && State is MemberState.Alive or MemberState.Suspect;

    public readonly bool IsPlaced => IsLive && Status is MemberStatus.Ready or MemberStatus.Returning;

    /// <summary>What two views must agree on. Suspicion is passing and the gone are forgotten at different times, so neither counts.</summary>
    public readonly ulong Fingerprint =>
        IsLive ? Core.Mix.Of(Session ^ Core.Mix.Of(((ulong)Incarnation << 8) | (ulong)Status)) : 0;
}
