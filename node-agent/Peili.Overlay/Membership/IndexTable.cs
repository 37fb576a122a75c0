using Peili.Overlay.Core;

namespace Peili.Overlay.Membership;

/// <summary>
/// A hash table from a number within the entries to their index, open addressing with two bytes a place: the keys stay in the view.
/// </summary>
internal struct IndexTable(int places, IndexTable.KeyOf keyOf)
{
    private const ushort Empty = ushort.MaxValue;

    private ushort[] table = CreateEmpty(places);

    public delegate ulong KeyOf(in MemberEntry entry);

    public readonly int Find(MemberEntry[] entries, ulong key)
    {
        var mask = table.Length - 1;
        for (var place = (int)Mix.Of(key) & mask; table[place] != Empty; place = (place + 1) & mask)
        {
            if (keyOf(entries[table[place]]) == key)
            {
                return table[place];
            }
        }

        return -1;
    }

    public void Insert(MemberEntry[] entries, int index, int count)
    {
        if (count * 3 > table.Length * 2)
        {
            var before = table;
            table = CreateEmpty(before.Length * 2);
            foreach (var known in before)
            {
                if (known != Empty)
                {
                    Put(entries, known);
                }
            }
        }

        Put(entries, (ushort)index);
    }

    public readonly void Remove(MemberEntry[] entries, int index)
    {
        var mask = table.Length - 1;
        var place = (int)Mix.Of(keyOf(entries[index])) & mask;
        while (table[place] != index)
        {
            place = (place + 1) & mask;
        }

        // Close the gap: whatever was pushed past it moves back (Knuth, TAOCP 6.4, algorithm R).
        for (var next = (place + 1) & mask; table[next] != Empty; next = (next + 1) & mask)
        {
            var home = (int)Mix.Of(keyOf(entries[table[next]])) & mask;
            if (((next - home) & mask) >= ((next - place) & mask))
            {
                table[place] = table[next];
                place = next;
            }
        }

        table[place] = Empty;
    }

    private readonly void Put(MemberEntry[] entries, ushort index)
    {
        var mask = table.Length - 1;
        var place = (int)Mix.Of(keyOf(entries[index])) & mask;
        while (table[place] != Empty)
        {
            place = (place + 1) & mask;
        }

        table[place] = index;
    }

    public readonly IndexTable Copy() => this with { table = [.. table] };

    private static ushort[] CreateEmpty(int places)
    {
        var created = new ushort[places];
        Array.Fill(created, Empty);
        return created;
    }
}
