using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Security;
using Peili.Overlay;

namespace Peili.NodeAgent.Operations;

/// <summary>Gathers what <c>/status</c> says of the overlay.</summary>
internal sealed class OverlayReport(ClusterOverlay overlay, ClusterKeysFile keys, Announcer announcer, OtherMembers others, Refusals? refusals = null)
{
    public OverlayStatus Read()
    {
        var counters = overlay.Node?.Counters;
        return new OverlayStatus(
            overlay.AdvertisedAddress?.ToString(),
            overlay.Zone,
            !keys.Current.IsEmpty,
            overlay.Node?.NameTakenBy?.ToString(),
            announcer.Count,
            counters?.Lookups ?? 0,
            counters?.LookupsHedged ?? 0,
            counters?.Deaths ?? 0,
            counters is null ? 0 : counters.DatagramBytesSent + counters.BulkBytesSent,
            Enum.GetValues<DropReason>().Where(reason => counters?.Dropped(reason) > 0).ToDictionary(NameOf, reason => counters!.Dropped(reason)),
            refusals?.Counts.ToDictionary(refused => NameOf(refused.Key), refused => refused.Value) ?? [],
            [.. others().OrderBy(member => member.Name, StringComparer.Ordinal).Select(ReportOf)]);
    }

    private static MemberReport ReportOf(OverlayMember member) => new(
        member.Name, member.Address.ToString(), member.Zone, member.Version, NameOf(member.State), NameOf(member.Status), ConditionOf(member));

    private static string? ConditionOf(OverlayMember member) => member switch
    {
        { UdpBlocked: true } => nameof(OverlayMember.UdpBlocked),
        { Avoided: true } => nameof(OverlayMember.Avoided),
        _ => null,
    };

    /// <summary>As JSON writes names here: alive, unknownKey.</summary>
    private static string NameOf<T>(T value)
        where T : struct, Enum => Enum.GetName(value) is { } name ? char.ToLowerInvariant(name[0]) + name[1..] : value.ToString();
}
