using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Peili.Overlay.Core;

namespace Peili.Overlay.Directory;

/// <summary>
/// Who tracks which slot: for each slot the members of highest rendezvous weight (Thaler and Ravishankar, 1998), best first, up to
/// r + 1 of them. The table is a function of the set of placed members alone and follows it step by step: adding a member costs
/// one weight a slot (eight at a time), removing one touches only the slots where it stood.
/// </summary>
internal sealed class PlacementTable
{
    private const int Kept = PlacementRule.Replicas + 1;
    private const ushort Nobody = PlacementRule.Nobody;

    private static readonly uint[] SlotKeys = CreateSlotKeys();

    /// <summary>Per slot its best members; exactly the top k for some k up to four, the rest Nobody.</summary>
    private readonly ushort[] best = new ushort[DirectoryKey.Slots * Kept];

    /// <summary>Per slot the best member outside the zone of its first; Nobody is "not looked for yet".</summary>
    private readonly ushort[] elsewhere = new ushort[DirectoryKey.Slots];

    /// <summary>Per slot the weight below which a new member changes nothing.</summary>
    private readonly uint[] threshold = new uint[DirectoryKey.Slots];

    /// <summary>How many placed members know no rule above this index.</summary>
    private readonly int[] knowers;
    private readonly ZoneSpread spread = new();
    private Candidate[] candidates = new Candidate[16];
    private ushort[] members = new ushort[16];
    private uint[] keys = new uint[16];
    private uint setHash;

    /// <summary>Begins without members.</summary>
    /// <param name="newest">The highest rule that this build knows.</param>
    public PlacementTable(byte newest = PlacementRule.Current)
    {
        knowers = new int[newest + 1];
        Rule = newest;
        Array.Fill(best, Nobody);
        Array.Fill(elsewhere, Nobody);
    }

    /// <summary>How many members are placed.</summary>
    public int Count { get; private set; }

    /// <summary>The rule in use.</summary>
    public byte Rule { get; private set; }

    /// <summary>One number for the rule and the set of placed members: equal in two members that place alike.</summary>
    public uint Hash => setHash ^ Mix.Of((uint)Rule);

    /// <summary>Slots whose trackers may have changed since the last <see cref="ClearChanged"/>.</summary>
    public SlotSet Changed { get; } = new();

    public bool AnyChanged { get; private set; }

    public bool Contains(int member) => member < candidates.Length && candidates[member].IsPlaced;

    public void ClearChanged()
    {
        Changed.Clear();
        AnyChanged = false;
    }

    /// <summary>The trackers of a slot.</summary>
    public Trackers Of(int slot)
    {
        if (best[(slot * Kept) + PlacementRule.Replicas - 1] == Nobody && Count > 0)
        {
            Rescan(slot);
        }

        var top = best.AsSpan(slot * Kept, Kept);
        if (top[2] == Nobody)
        {
            return new Trackers(top[0], top[1], top[2]);
        }

        var zone = candidates[top[0]].Zone;
        if (candidates[top[1]].Zone != zone || candidates[top[2]].Zone != zone || !spread.Applies(zone, slot))
        {
            return new Trackers(top[0], top[1], top[2]);
        }

        if (elsewhere[slot] == Nobody)
        {
            FindElsewhere(slot, zone);
        }

        return new Trackers(top[0], top[1], elsewhere[slot]);
    }

    public void Add(int member, ulong nameHash, uint zone, uint rule)
    {
        if (member >= candidates.Length)
        {
            Array.Resize(ref candidates, Math.Max(member + 1, candidates.Length + (candidates.Length / 4)));
        }

        var key = (uint)nameHash;
        candidates[member] = new Candidate(nameHash, zone, (byte)Math.Clamp(rule, 1, (uint)knowers.Length - 1), true);
        if (Count == members.Length)
        {
            Array.Resize(ref members, Count + Math.Max(16, Count / 4));
            Array.Resize(ref keys, members.Length);
        }

        members[Count] = (ushort)member;
        keys[Count++] = key;
        setHash += HashOf(nameHash, zone);
        CountRule(candidates[member].Rule, 1);
        NoteSpread(spread.Count(zone, 1));
        var keyVector = Vector256.Create(key);
        for (var slot = 0; slot < DirectoryKey.Slots; slot += Vector256<uint>.Count)
        {
            var weights = Weight(keyVector ^ Vector256.Create(SlotKeys, slot));
            var reached = Vector256.GreaterThanOrEqual(weights, Vector256.Create(threshold, slot)).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                Enter(slot + System.Numerics.BitOperations.TrailingZeroCount(reached), (ushort)member);
            }
        }
    }

    public void Remove(int member)
    {
        var gone = candidates[member];
        candidates[member] = default;
        var at = members.AsSpan(0, Count).IndexOf((ushort)member);
        members[at] = members[--Count];
        keys[at] = keys[Count];
        setHash -= HashOf(gone.NameHash, gone.Zone);
        CountRule(gone.Rule, -1);
        NoteSpread(spread.Count(gone.Zone, -1));
        var cells = best.AsSpan();
        for (var cell = cells.IndexOf((ushort)member); cell >= 0;)
        {
            Leave(cell / Kept, cell % Kept);
            var following = cells[(cell + 1)..].IndexOf((ushort)member);
            cell = following < 0 ? -1 : cell + 1 + following;
        }

        for (var slot = elsewhere.AsSpan().IndexOf((ushort)member); slot >= 0;)
        {
            elsewhere[slot] = Nobody;
            SetThreshold(slot);
            Note(slot);
            var following = elsewhere.AsSpan(slot + 1).IndexOf((ushort)member);
            slot = following < 0 ? -1 : slot + 1 + following;
        }
    }

    /// <summary>Takes over a table that was built from the same member list.</summary>
    public void CopyFrom(PlacementTable other)
    {
        other.best.CopyTo(best, 0);
        other.elsewhere.CopyTo(elsewhere, 0);
        other.threshold.CopyTo(threshold, 0);
        candidates = [.. other.candidates];
        members = [.. other.members];
        keys = [.. other.keys];
        Count = other.Count;
        other.knowers.CopyTo(knowers, 0);
        Rule = other.Rule;
        setHash = other.setHash;
        spread.CopyFrom(other.spread);
        NoteSpread(true);
    }

    private void Enter(int slot, ushort member)
    {
        var top = best.AsSpan(slot * Kept, Kept);
        var known = top.IndexOf(Nobody);
        known = known < 0 ? Kept : known;
        var firstBefore = top[0];
        var place = known;
        while (place > 0 && IsBetter(member, top[place - 1], slot))
        {
            place--;
        }

        // Behind the last known one it may stand anywhere among the unknown, unless there are none.
        if (place < known || known == Count - 1)
        {
            if (place < Kept)
            {
                top[place..^1].CopyTo(top[(place + 1)..]);
                top[place] = member;
            }
        }

        EnterElsewhere(slot, member, firstBefore, place == 0);
        SetThreshold(slot);
        Note(slot);
    }

    private void EnterElsewhere(int slot, ushort member, ushort firstBefore, bool isFirst)
    {
        if (firstBefore == Nobody)
        {
            return;
        }

        var sameZone = candidates[member].Zone == candidates[firstBefore].Zone;
        if (isFirst)
        {
            // The former first is the best of all others; with the new one in its zone, what was best elsewhere still is.
            elsewhere[slot] = sameZone ? elsewhere[slot] : firstBefore;
        }
        else if (!sameZone && elsewhere[slot] != Nobody && IsBetter(member, elsewhere[slot], slot))
        {
            elsewhere[slot] = member;
        }
    }

    private void Leave(int slot, int place)
    {
        var top = best.AsSpan(slot * Kept, Kept);
        top[(place + 1)..].CopyTo(top[place..]);
        top[^1] = Nobody;
        if (place == 0)
        {
            elsewhere[slot] = Nobody;
        }

        SetThreshold(slot);
        Note(slot);
    }

    private void Rescan(int slot)
    {
        var top = best.AsSpan(slot * Kept, Kept);
        top.Fill(Nobody);
        var found = 0;
        var slotKey = Vector256.Create(SlotKeys[slot]);
        var lowest = Vector256<uint>.Zero;
        for (var at = 0; at < Count; at += Vector256<uint>.Count)
        {
            var weights = Weight(LoadKeys(at) ^ slotKey);
            var reached = found < Kept ? 0xFFu : Vector256.GreaterThanOrEqual(weights, lowest).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                var candidate = at + System.Numerics.BitOperations.TrailingZeroCount(reached);
                if (candidate >= Count)
                {
                    break;
                }

                var member = members[candidate];
                var place = found;
                while (place > 0 && IsBetter(member, top[place - 1], slot))
                {
                    place--;
                }

                if (place < Kept)
                {
                    top[place..^1].CopyTo(top[(place + 1)..]);
                    top[place] = member;
                    found = Math.Min(Kept, found + 1);
                    lowest = Vector256.Create(WeightOf(top[found - 1], slot));
                }
            }
        }

        SetThreshold(slot);
    }

    private void FindElsewhere(int slot, uint zone)
    {
        var found = Nobody;
        var slotKey = Vector256.Create(SlotKeys[slot]);
        var lowest = Vector256<uint>.Zero;
        for (var at = 0; at < Count; at += Vector256<uint>.Count)
        {
            var weights = Weight(LoadKeys(at) ^ slotKey);
            var reached = Vector256.GreaterThanOrEqual(weights, lowest).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                var candidate = at + System.Numerics.BitOperations.TrailingZeroCount(reached);
                if (candidate >= Count)
                {
                    break;
                }

                var member = members[candidate];
                if (candidates[member].Zone != zone && (found == Nobody || IsBetter(member, found, slot)))
                {
                    found = member;
                    lowest = Vector256.Create(WeightOf(member, slot));
                }
            }
        }

        elsewhere[slot] = found;
        SetThreshold(slot);
    }

    private Vector256<uint> LoadKeys(int at)
    {
        if (at + Vector256<uint>.Count <= keys.Length)
        {
            return Vector256.Create(keys, at);
        }

        Span<uint> last = stackalloc uint[Vector256<uint>.Count];
        last.Clear();
        keys.AsSpan(at).CopyTo(last);
        return Vector256.Create<uint>(last);
    }

    private void SetThreshold(int slot)
    {
        var top = best.AsSpan(slot * Kept, Kept);
        var known = top.IndexOf(Nobody);
        known = known < 0 ? Kept : known;
        var lowest = known == 0 || (known < Kept && known == Count) ? 0 : WeightOf(top[known - 1], slot);
        if (elsewhere[slot] != Nobody)
        {
            lowest = Math.Min(lowest, WeightOf(elsewhere[slot], slot));
        }

        threshold[slot] = lowest;
    }

    private bool IsBetter(ushort member, ushort than, int slot)
    {
        var mine = WeightOf(member, slot);
        var other = WeightOf(than, slot);
        return mine != other ? mine > other : candidates[member].NameHash > candidates[than].NameHash;
    }

    private uint WeightOf(ushort member, int slot) => Mix.Of((uint)candidates[member].NameHash ^ SlotKeys[slot]);

    private static Vector256<uint> Weight(Vector256<uint> value)
    {
        value ^= value >>> 16;
        value *= 0x85EBCA6B;
        value ^= value >>> 13;
        value *= 0xC2B2AE35;
        return value ^ (value >>> 16);
    }

    private void Note(int slot)
    {
        Changed.Add(slot);
        AnyChanged = true;
    }

    private void NoteSpread(bool changed)
    {
        for (var slot = 0; changed && slot < DirectoryKey.Slots; slot++)
        {
            Note(slot);
        }
    }

    private void CountRule(byte rule, int change)
    {
        knowers[rule] += change;
        var lowest = Array.FindIndex(knowers, static count => count > 0);
        var inUse = (byte)(lowest < 0 ? knowers.Length - 1 : lowest);
        NoteSpread(inUse != Rule);
        Rule = inUse;
    }

    private static uint HashOf(ulong nameHash, uint zone) => (uint)Mix.Of(nameHash ^ Mix.Of((ulong)zone));

    private static uint[] CreateSlotKeys()
    {
        var created = new uint[DirectoryKey.Slots];
        for (var slot = 0u; slot < created.Length; slot++)
        {
            created[slot] = Mix.Of(slot + 1);
        }

        return created;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Candidate(ulong NameHash, uint Zone, byte Rule, bool IsPlaced);
}
