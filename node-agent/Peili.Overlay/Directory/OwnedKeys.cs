using System.Runtime.InteropServices;
using Peili.Overlay.Core;

namespace Peili.Overlay.Directory;

/// <summary>
/// What this node announces: an array sorted by key, and so by slot. With it, per slot, the trackers that were told, which is what
/// decides who must be told after a change.
/// </summary>
internal sealed class OwnedKeys
{
    private readonly Dictionary<ushort, Trackers> told = [];
    private Owned[] items = [];

    public int Count { get; private set; }

    public bool Contains(DirectoryKey key) => Find(key) >= 0;

    /// <summary>Puts a key with its sequence; a known key takes the new sequence.</summary>
    public void Put(DirectoryKey key, uint sequence)
    {
        var at = Find(key);
        if (at >= 0)
        {
            items[at] = new Owned(key, sequence);
            return;
        }

        if (Count == items.Length)
        {
            Array.Resize(ref items, Count + Math.Max(16, Count / 4));
        }

        items.AsSpan(~at, Count++ - ~at).CopyTo(items.AsSpan(~at + 1));
        items[~at] = new Owned(key, sequence);
    }

    public bool Remove(DirectoryKey key)
    {
        var at = Find(key);
        if (at < 0)
        {
            return false;
        }

        items.AsSpan((at + 1)..Count--).CopyTo(items.AsSpan(at));
        return true;
    }

    public ReadOnlySpan<Owned> OfSlot(int slot)
    {
        var (first, end) = RangeOf(slot);
        return items.AsSpan(first..end);
    }

    /// <summary>Gives a slot's keys new sequences after <paramref name="sequence"/>, and says the last.</summary>
    public uint Renumber(int slot, uint sequence)
    {
        var (first, end) = RangeOf(slot);
        foreach (ref var item in items.AsSpan(first..end))
        {
            item = item with { Sequence = ++sequence };
        }

        return sequence;
    }

    public bool HasSlot(ushort slot) => told.ContainsKey(slot);

    /// <summary>
    /// The slots that hold or held keys, in no order that means anything. Emptied ones stay: their trackers are still told that there is
    /// nothing, should a withdrawal have been lost.
    /// </summary>
    public Dictionary<ushort, Trackers>.KeyCollection Slots => told.Keys;

    /// <summary>The trackers that were told of a slot's keys; none for a new slot.</summary>
    public Trackers Told(ushort slot) => told.GetValueOrDefault(slot, Trackers.None);

    public void SetTold(ushort slot, Trackers trackers) => told[slot] = trackers;

    /// <summary>Count and sum over a slot's keys, as a tracker computes them over its records of one owner.</summary>
    public (uint Count, ulong Sum) Summarize(int slot)
    {
        ulong sum = 0;
        var keys = OfSlot(slot);
        foreach (var owned in keys)
        {
            sum += Mix.Of(owned.Key.Second);
        }

        return ((uint)keys.Length, sum);
    }

    private (int First, int End) RangeOf(int slot) =>
        (FirstFrom((ulong)slot << 50), slot + 1 == DirectoryKey.Slots ? Count : FirstFrom((ulong)(slot + 1) << 50));

    private int Find(DirectoryKey key) => items.AsSpan(0, Count).BinarySearch(new Owned(key, 0), default(ByKey));

    private int FirstFrom(ulong first)
    {
        var at = Find(new DirectoryKey(first, 0, 0, 0));
        return at >= 0 ? at : ~at;
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Owned(DirectoryKey Key, uint Sequence);

    private readonly struct ByKey : IComparer<Owned>
    {
        public int Compare(Owned left, Owned right) => left.Key.CompareTo(right.Key);
    }
}
