namespace Peili.Overlay.Tests.ColdStart;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
