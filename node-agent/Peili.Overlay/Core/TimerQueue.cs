using System.Runtime.InteropServices;

namespace Peili.Overlay.Core;

/// <summary>
/// What a member will do when, a binary heap. A timer whose purpose is gone finds nothing under its number.
/// </summary>
internal sealed class TimerQueue
{
    private Timer[] heap = new Timer[8];

    public int Count { get; private set; }

    /// <summary>When the first timer is due, in ticks; the end of time when there is none.</summary>
    public long NextDue => First?.Due ?? long.MaxValue;

    /// <summary>The timer that is due first; null when there is none.</summary>
    public Timer? First => Count == 0 ? null : heap[0];

    public void Add(long due, TimerKind kind, uint number = 0)
    {
        if (Count == heap.Length)
        {
            Array.Resize(ref heap, Count * 2);
        }

        var at = Count++;
        while (at > 0 && heap[(at - 1) / 2].Due > due)
        {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        heap[at] = new Timer(due, kind, number);
    }

    public Timer Take()
    {
        var first = heap[0];
        var last = heap[--Count];
        var at = 0;
        for (var child = 1; child < Count; child = (2 * at) + 1)
        {
            if (child + 1 < Count && heap[child + 1].Due < heap[child].Due)
            {
                child++;
            }

            if (heap[child].Due >= last.Due)
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        heap[at] = last;
        return first;
    }

    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Timer(long Due, TimerKind Kind, uint Number);
}
