namespace Peili.NodeAgent.Transfers;

/// <summary>
/// Bounds every wait of one transfer with a single timer: a pending wait longer than its limit is cancelled.
/// Costs two field writes a block, where a timer per wait would cost an allocation and a lock each.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Neither linked nor timed, so nothing is lost when the last one is left to the garbage collector; disposing it would race with the timer.
    private CancellationTokenSource _cut = new();
    private long _deadline = long.MaxValue;

    public StallWatch(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((StallWatch)state!).Check(), this, Period, Period);
    }

    /// <summary>A wait begins. The token fires should it outlast <paramref name="limit"/>.</summary>
    public CancellationToken Begin(TimeSpan limit)
    {
        if (_cut.IsCancellationRequested)
        {
            _cut = new CancellationTokenSource();
        }

        Volatile.Write(ref _deadline, _time.GetTimestamp() + (long)(limit.TotalSeconds * _time.TimestampFrequency));
        return _cut.Token;
    }

    /// <summary>The wait is over.</summary>
    public void End() => Volatile.Write(ref _deadline, long.MaxValue);

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var deadline = Volatile.Read(ref _deadline);
        if (_time.GetTimestamp() > deadline && Interlocked.CompareExchange(ref _deadline, long.MaxValue, deadline) == deadline)
        {
            _cut.Cancel();
        }
    }
}
