namespace Peili.Overlay.Membership;

/// <summary>Taken for dead, and so worth a try now and then: it may be the other side of a partition.</summary>
internal readonly struct DeadMembers : IMemberFilter
{
    public bool Takes(in MemberEntry entry) => entry.State == MemberState.Dead;
}
