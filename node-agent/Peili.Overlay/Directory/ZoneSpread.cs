using System.Runtime.InteropServices;

namespace Peili.Overlay.Directory;

/// <summary>
/// How many of the slots whose three best members share a zone get a third tracker elsewhere. Always, unless the members elsewhere
/// are so few that it would load them beyond the cap: then a share of the slots, chosen by the slot's number, so that the rule is a
/// function of the member list alone and not of the order in which members came.
/// </summary>
internal sealed class ZoneSpread
{
    /// <summary>No member tracks more than this many times the mean; aimed a quarter lower, since hashing scatters.</summary>
    public const double LoadCap = 4;

    private const double AimedLoad = 3;
    private const uint Always = 1 << 16;

    private readonly Dictionary<uint, Zone> zones = [];
    private int members;

    public int ZoneCount => zones.Count;

    /// <summary>Counts a member in or out; true when some zone's share of spread slots changed.</summary>
    public bool Count(uint zone, int change)
    {
        members += change;
        var known = zones.GetValueOrDefault(zone);
        if (known.Members + change == 0)
        {
            zones.Remove(zone);
        }
        else
        {
            zones[zone] = known with { Members = known.Members + change };
        }

        var changed = false;
        foreach (var (name, entry) in zones)
        {
            var share = ShareOf(entry.Members);
            if (share != entry.Share)
            {
                zones[name] = entry with { Share = share };
                changed |= entry.Share != 0 || entry.Members > 1;
            }
        }

        return changed;
    }

    /// <summary>Whether a slot whose best three are all in this zone takes its third tracker from another.</summary>
    public bool Applies(uint zone, int slot) =>
        zones.Count > 1 && (Core.Mix.Of((uint)slot + 1) & (Always - 1)) < zones[zone].Share;

    public void CopyFrom(ZoneSpread other)
    {
        members = other.members;
        foreach (var (zone, entry) in other.zones)
        {
            zones[zone] = entry;
        }
    }

    private uint ShareOf(int inZone)
    {
        var elsewhere = members - inZone;
        if (elsewhere == 0 || inZone < PlacementRule.Replicas)
        {
            return Always;
        }

        // The chance that the best three of a slot are all of this zone.
        var allThree = (double)inZone / members * (inZone - 1) / Math.Max(1, members - 1) * (inZone - 2) / Math.Max(1, members - 2);
        var bearable = (AimedLoad - 1) * PlacementRule.Replicas / members * elsewhere;
        return (uint)Math.Min(Always, Always * (bearable / allThree));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Zone(int Members, uint Share);
}
