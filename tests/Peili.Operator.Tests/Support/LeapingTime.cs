namespace Peili.Operator.Tests.Support;

/// <summary>The machine's time, which can be put forward so that nobody has to wait for minutes. Timers run by the machine's.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _leapt;

    /// <summary>Puts it forward.</summary>
    public void Leap(TimeSpan span) => Interlocked.Add(ref _leapt, span.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _leapt));
}
