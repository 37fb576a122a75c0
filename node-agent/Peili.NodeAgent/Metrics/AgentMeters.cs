using System.Diagnostics.Metrics;

namespace Peili.NodeAgent.Metrics;

/// <summary>The meters of one agent. Their scope tells them from those of another agent in the same process, which have the same names.</summary>
internal sealed class AgentMeters : IDisposable
{
    public const string AgentName = "Peili.Agent";
    public const string OverlayName = "Peili.Overlay";

    public AgentMeters()
    {
        Agent = new Meter(new MeterOptions(AgentName) { Scope = this });
        Overlay = new Meter(new MeterOptions(OverlayName) { Scope = this });
    }

    /// <summary>What this agent does; its instruments begin with <c>peili.agent</c>.</summary>
    public Meter Agent { get; }

    /// <summary>How its overlay does; <c>peili.overlay</c>.</summary>
    public Meter Overlay { get; }

    /// <summary>Whether an instrument is of this agent.</summary>
    public bool Has(Instrument instrument) => ReferenceEquals(instrument.Meter.Scope, this);

    public void Dispose()
    {
        Agent.Dispose();
        Overlay.Dispose();
    }
}
