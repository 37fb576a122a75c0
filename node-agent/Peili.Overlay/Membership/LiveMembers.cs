namespace Peili.Overlay.Membership;

/// <summary>Alive or suspect.</summary>
internal readonly struct LiveMembers : IMemberFilter
{
    public bool Takes(in MemberEntry entry) => entry.IsLive;
}
