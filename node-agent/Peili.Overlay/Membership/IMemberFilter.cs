namespace Peili.Overlay.Membership;

/// <summary>Which members a choice may fall on; a struct, so that choosing allocates nothing.</summary>
internal interface IMemberFilter
{
    bool Takes(in MemberEntry entry);
}
