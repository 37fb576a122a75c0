namespace Peili.NodeAgent.Transfers;

/// <summary>
/// Bounds every wait of one transfer with a single timer: a pending wait longer than its limit is cancelled, and one for somebody who is
/// gone earlier. Costs a few field writes a block, where a timer per wait would cost an allocation and a lock each.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Neither linked nor timed, so nothing is lost when the last one is left to the garbage collector; disposing it would race with the timer.
    private CancellationTokenSource _cut = new();
    private long _deadline = long.MaxValue;
    private long _doubtAt = long.MaxValue;
    private Func<ValueTask<bool>>? _isThere;

    public StallWatch(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((StallWatch)state!).Check(), this, Period, Period);
    }

    /// <summary>Whether the wait that was cancelled last was for somebody who was not there any more.</summary>
    public bool WasForNobody { get; private set; }

    /// <summary>
    /// A wait begins. The token fires should it outlast <paramref name="limit"/>, or, where it has lasted for
    /// <see cref="TransferLimits.PeerDoubt"/>, when <paramref name="isThere"/> says no.
    /// </summary>
    public CancellationToken Begin(TimeSpan limit, Func<ValueTask<bool>>? isThere = null)
    {
        if (_cut.IsCancellationRequested)
        {
            _cut = new CancellationTokenSource();
            WasForNobody = false;
        }

        var now = _time.GetTimestamp();
        _isThere = isThere;
        Volatile.Write(ref _doubtAt, isThere is null ? long.MaxValue : now + TicksOf(TransferLimits.PeerDoubt));
        Volatile.Write(ref _deadline, now + TicksOf(limit));
        return _cut.Token;
    }

    /// <summary>The wait is over.</summary>
    public void End()
    {
        Volatile.Write(ref _doubtAt, long.MaxValue);
        Volatile.Write(ref _deadline, long.MaxValue);
    }

    public void Dispose() => _timer.Dispose();

    private long TicksOf(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);

    private void Check()
    {
        var deadline = Volatile.Read(ref _deadline);
        var doubtAt = Volatile.Read(ref _doubtAt);
        var now = _time.GetTimestamp();
        if (now > deadline)
        {
            Cut(deadline, isGone: false);
        }
        else if (now > doubtAt && _isThere is { } isThere && Interlocked.CompareExchange(ref _doubtAt, long.MaxValue, doubtAt) == doubtAt)
        {
            _ = AskAsync(isThere, deadline);
        }
    }

    private async Task AskAsync(Func<ValueTask<bool>> isThere, long deadline)
    {
        if (!await isThere())
        {
            Cut(deadline, isGone: true);
        }
    }

    /// <summary>Ends the wait, unless it is over and perhaps another one has begun.</summary>
    private void Cut(long deadline, bool isGone)
    {
        if (Interlocked.CompareExchange(ref _deadline, long.MaxValue, deadline) == deadline)
        {
            WasForNobody = isGone;
            _cut.Cancel();
        }
    }
}
