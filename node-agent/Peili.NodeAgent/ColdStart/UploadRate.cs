namespace Peili.NodeAgent.ColdStart;

/// <summary>Keeps what this node sends to others below a rate, all transfers together.</summary>
/// <param name="bytesPerSecond">The rate; null for none.</param>
/// <param name="time">The clock.</param>
internal sealed class UploadRate(long? bytesPerSecond, TimeProvider time)
{
    /// <summary>So much may go out at once after a pause.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    /// <summary>More than a timer takes would be an error, and nobody waits so long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _paidUntil;

    /// <summary>Waits until these bytes may go out.</summary>
    public ValueTask WaitAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond is not { } rate)
        {
            return ValueTask.CompletedTask;
        }

        TimeSpan delay;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            _paidUntil = (_paidUntil > now - Burst ? _paidUntil : now - Burst) + TimeSpan.FromSeconds((double)bytes / rate);
            delay = _paidUntil - now;
        }

        return delay <= TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(delay < Longest ? delay : Longest, time, cancellationToken));
    }
}
