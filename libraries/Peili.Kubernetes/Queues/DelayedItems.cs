namespace Peili.Kubernetes.Queues;

/// <summary>Items that are due later, by one timer. An item that is put in twice is due at the earlier time. Not for use by several threads.</summary>
internal sealed class DelayedItems<TItem> : IDisposable
    where TItem : notnull
{
    // A timer cannot be set further ahead than this.
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(30);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Dictionary<TItem, TimeSpan> _due = [];
    private readonly PriorityQueue<TItem, TimeSpan> _order = new();
    private readonly long _start;

    public DelayedItems(TimeProvider time, Action elapsed)
    {
        (_time, _start) = (time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => elapsed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // A clock that nobody sets.
    private TimeSpan Now => _time.GetElapsedTime(_start);

    public void Add(TItem item, TimeSpan delay)
    {
        var due = Now + (delay < s_furthest ? delay : s_furthest);
        if (!_due.TryGetValue(item, out var before) || due < before)
        {
            _due[item] = due;
            _order.Enqueue(item, due);
            SetTimer();
        }
    }

    /// <summary>Takes out what is due.</summary>
    public IReadOnlyList<TItem> TakeDue()
    {
        var taken = new List<TItem>();
        while (_order.TryPeek(out var item, out var due) && due <= Now)
        {
            _order.Dequeue();

            // Otherwise an earlier time was given later on, and it is out already or waits for another.
            if (_due.TryGetValue(item, out var current) && current == due)
            {
                _due.Remove(item);
                taken.Add(item);
            }
        }

        SetTimer();
        return taken;
    }

    public void Dispose() => _timer.Dispose();

    private void SetTimer()
    {
        if (_order.TryPeek(out _, out var due))
        {
            var wait = due - Now;

            // Timers count in whole milliseconds, and must not fire before the time.
            _timer.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
