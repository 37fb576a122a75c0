namespace Peili.Overlay.Simulation;

/// <summary>A node's clock: virtual, and wrong by its skew where it tells the time of day.</summary>
internal sealed class NodeTime(Simulation simulation, SimulatedNode node) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => simulation.Now;

    public override DateTimeOffset GetUtcNow() => Beginning + TimeSpan.FromTicks(simulation.Now) + node.ClockSkew;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new NodeTimer(simulation, node, callback, state);

    private sealed class NodeTimer(Simulation simulation, SimulatedNode node, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            node.SetTimer(callback, state);
            simulation.Schedule(simulation.Now + dueTime.Ticks, new SimulatedEvent(node, null, 0, 0, node.TimerGeneration, null));
            return true;
        }

        public void Dispose() => node.ClearTimer();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
