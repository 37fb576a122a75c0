using System.Numerics;

namespace Peili.Overlay.Directory;

/// <summary>A set of slots: 16,384 bits.</summary>
internal sealed class SlotSet
{
    private readonly ulong[] words = new ulong[DirectoryKey.Slots / 64];

    public bool Contains(int slot) => (words[slot >> 6] >> (slot & 63) & 1) != 0;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    public void Add(int slot) => words[slot >> 6] |= 1UL << (slot & 63);

    public void Remove(int slot) => words[slot >> 6] &= ~(1UL << (slot & 63));

    public void Clear() => Array.Clear(words);

    /// <summary>The first member of the set from <paramref name="slot"/> on; -1 after the last.</summary>
    public int NextFrom(int slot)
    {
        for (var word = slot >> 6; word < words.Length; word++)
        {
            var bits = words[word];
            if (word == slot >> 6)
            {
                bits &= ulong.MaxValue << (slot & 63);
            }

            if (bits != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return -1;
    }
}
