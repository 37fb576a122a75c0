using System.Runtime.InteropServices;

namespace Peili.Overlay.Membership;

/// <summary>
/// Members of whom there is news to spread. What the news is, is read from the view when it is sent: newer news of a member replaces
/// older by itself. The least sent goes first, of those the newest (SWIM, 4.1).
/// </summary>
internal sealed class NewsQueue
{
    private readonly List<Item> items = [];
    private uint stamp;

    public int Count => items.Count;

    public Span<Item> Items => CollectionsMarshal.AsSpan(items);

    /// <summary>Puts a member in, or starts its count anew, as if it had been sent so often.</summary>
    public void Put(ref MemberEntry entry, int index, bool withRecord, long now, int sent = 0)
    {
        if (entry.Flags.HasFlag(MemberFlags.Queued))
        {
            foreach (ref var item in Items)
            {
                if (item.Member == index)
                {
                    item = new Item(index, Math.Min(sent, item.Sent), withRecord || item.WithRecord, item.Sent == 0 ? item.QueuedAt : now, ++stamp);
                    return;
                }
            }
        }

        entry.Flags |= MemberFlags.Queued;
        items.Add(new Item(index, sent, withRecord, now, ++stamp));
    }

    /// <summary>Brings the items into the order of sending.</summary>
    public void Sort() => Items.Sort(static (left, right) =>
        left.Sent != right.Sent ? left.Sent.CompareTo(right.Sent) : right.Stamp.CompareTo(left.Stamp));

    /// <summary>Counts the first <paramref name="count"/> items as sent to so many members, and drops what was sent often enough.</summary>
    public void CountSent(int count, int members, int limit, MemberView view)
    {
        foreach (ref var item in Items[..count])
        {
            item = item with { Sent = item.Sent + members };
        }

        for (var at = items.Count - 1; at >= 0; at--)
        {
            if (items[at].Sent >= limit)
            {
                RemoveAt(at, view);
            }
        }
    }

    /// <summary>Forgets a member that leaves the view.</summary>
    public void Remove(int index, MemberView view)
    {
        if (view[index].Flags.HasFlag(MemberFlags.Queued))
        {
            RemoveAt(items.FindIndex(item => item.Member == index), view);
        }
    }

    private void RemoveAt(int at, MemberView view)
    {
        view[items[at].Member].Flags &= ~MemberFlags.Queued;
        items[at] = items[^1];
        items.RemoveAt(items.Count - 1);
    }

    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Item(int Member, int Sent, bool WithRecord, long QueuedAt, uint Stamp);
}
