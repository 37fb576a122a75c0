using System.Runtime.InteropServices;

namespace Peili.Overlay.Directory;

/// <summary>A slot's trackers, best first, as member indexes; unused places hold <see cref="PlacementRule.Nobody"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Trackers(ushort First, ushort Second, ushort Third)
{
    public static readonly Trackers None = new(PlacementRule.Nobody, PlacementRule.Nobody, PlacementRule.Nobody);

    public ushort this[int place] => place switch
    {
        0 => First,
        1 => Second,
        _ => Third,
    };

    public int Count =>
        First == PlacementRule.Nobody ? 0 : Second == PlacementRule.Nobody ? 1 : Third == PlacementRule.Nobody ? 2 : 3;

    public bool Contains(int member) =>
        member != PlacementRule.Nobody && (First == member || Second == member || Third == member);
}
