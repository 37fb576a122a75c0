using System.Threading.Channels;

namespace Peili.Kubernetes.Queues;

/// <summary>
/// Items to be worked on, with the rules of client-go's queue: an item that is added several times is worked on once; one that is added
/// while it is worked on comes once more afterwards; never do two workers have the same item. Safe for use by many threads.
/// </summary>
public sealed class WorkQueue<TItem> : IDisposable
    where TItem : notnull
{
    private readonly Lock _lock = new();
    private readonly Channel<TItem> _ready = Channel.CreateUnbounded<TItem>();
    private readonly HashSet<TItem> _dirty = [];
    private readonly HashSet<TItem> _processing = [];
    private readonly ExponentialLimiter<TItem> _limiter = new();
    private readonly DelayedItems<TItem> _delayed;
    private readonly TimeProvider _time;

    // When each of those that wait began to, in their order.
    private readonly Queue<long> _readySince = new();
    private bool _shutDown;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="time">The clock of delays; null for the machine's.</param>
    public WorkQueue(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _delayed = new DelayedItems<TItem>(_time, AddDue);
    }

    /// <summary>How many items wait for a worker.</summary>
    public int Count => _ready.Reader.Count;

    /// <summary>How long the first of them has waited; zero where none waits.</summary>
    public TimeSpan OldestAge
    {
        get
        {
            lock (_lock)
            {
                return _readySince.TryPeek(out var since) ? _time.GetElapsedTime(since) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Adds an item, unless it waits already.</summary>
    public void Add(TItem item)
    {
        lock (_lock)
        {
            if (!_shutDown && _dirty.Add(item) && !_processing.Contains(item))
            {
                MakeReady(item);
            }
        }
    }

    /// <summary>Adds an item after a time; where it is to be added already, at the earlier of both times.</summary>
    public void AddAfter(TItem item, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(item);
            return;
        }

        lock (_lock)
        {
            if (!_shutDown)
            {
                _delayed.Add(item, delay);
            }
        }
    }

    /// <summary>Adds an item that failed: after 5 ms, and twice as long with each failure in a row, at most 30 s.</summary>
    public void AddRateLimited(TItem item)
    {
        TimeSpan delay;
        lock (_lock)
        {
            delay = _limiter.Next(item);
        }

        AddAfter(item, delay);
    }

    /// <summary>Ends an item's row of failures.</summary>
    public void Forget(TItem item)
    {
        lock (_lock)
        {
            _limiter.Forget(item);
        }
    }

    /// <summary>How often in a row an item failed.</summary>
    public int FailuresOf(TItem item)
    {
        lock (_lock)
        {
            return _limiter.FailuresOf(item);
        }
    }

    /// <summary>Takes no more items: those that wait are still worked on, those that are delayed are not.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _shutDown = true;
            CompleteWhenLast();
        }
    }

    /// <summary>
    /// Works on items until the queue is shut down and empty, or the token fires. An item whose work throws comes again, later and later;
    /// one whose work returns a time comes again after that time.
    /// </summary>
    /// <param name="workers">How many items are worked on at once.</param>
    /// <param name="work">The work on one item.</param>
    /// <param name="failed">Told of each failure.</param>
    /// <param name="cancellationToken">Ends the work, also that which is being done.</param>
    public Task RunAsync(
        int workers, Func<TItem, CancellationToken, Task<TimeSpan?>> work, Action<TItem, Exception> failed, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        return Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(work, failed, cancellationToken)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ShutDown();
        _delayed.Dispose();
    }

    /// <summary>Takes an item to work on; false where there will be none. <see cref="Done"/> must follow.</summary>
    internal async ValueTask<(bool Taken, TItem? Item)> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _ready.Reader.WaitToReadAsync(cancellationToken))
        {
            lock (_lock)
            {
                if (_ready.Reader.TryRead(out var item))
                {
                    _readySince.Dequeue();
                    _dirty.Remove(item);
                    _processing.Add(item);
                    return (true, item);
                }
            }
        }

        return (false, default);
    }

    /// <summary>Ends the work on an item: it waits again if it was added in the meantime.</summary>
    internal void Done(TItem item)
    {
        lock (_lock)
        {
            _processing.Remove(item);
            if (_dirty.Contains(item))
            {
                MakeReady(item);
            }

            CompleteWhenLast();
        }
    }

    // Under the lock.
    private void MakeReady(TItem item)
    {
        if (_ready.Writer.TryWrite(item))
        {
            _readySince.Enqueue(_time.GetTimestamp());
        }
    }

    // What was added during its work, before the end, is still to come.
    private void CompleteWhenLast()
    {
        if (_shutDown && !_processing.Overlaps(_dirty))
        {
            _ready.Writer.TryComplete();
        }
    }

    private async Task WorkAsync(
        Func<TItem, CancellationToken, Task<TimeSpan?>> work, Action<TItem, Exception> failed, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var (taken, item) = await TakeAsync(cancellationToken);
                if (!taken)
                {
                    return;
                }

                await WorkOnAsync(item!, work, failed, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The end that was asked for.
            }
        }
    }

    private async Task WorkOnAsync(
        TItem item, Func<TItem, CancellationToken, Task<TimeSpan?>> work, Action<TItem, Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            // Yields first: work that never waits must not keep the other workers from starting.
            await Task.Yield();
            var again = await work(item, cancellationToken);
            Forget(item);
            if (again is { } delay)
            {
                AddAfter(item, delay);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the next attempt may go better, and the other items are no part of it.
            failed(item, exception);
            AddRateLimited(item);
        }
        finally
        {
            Done(item);
        }
    }

    private void AddDue()
    {
        IReadOnlyList<TItem> due;
        lock (_lock)
        {
            due = _shutDown ? [] : _delayed.TakeDue();
        }

        foreach (var item in due)
        {
            Add(item);
        }
    }
}
