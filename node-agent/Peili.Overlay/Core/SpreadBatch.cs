namespace Peili.Overlay.Core;

/// <summary>Slots whose keys one new tracker is to be told, and when.</summary>
internal sealed class SpreadBatch
{
    public long Due { get; set; } = long.MaxValue;

    public HashSet<ushort> Slots { get; } = [];
}
