namespace Peili.Overlay.Simulation;

/// <summary>What the simulated network does to packets.</summary>
internal sealed class NetworkConditions
{
    /// <summary>One way.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Each packet's latency lies within this share of the mean, either side.</summary>
    public double Jitter { get; set; } = 0.2;

    /// <summary>The chance that a datagram is lost; a bulk call is delayed by retransmission instead.</summary>
    public double Loss { get; set; }

    /// <summary>Sees every datagram as it is sent: from, to, bytes.</summary>
    public Action<SimulatedNode, SimulatedNode, byte[]>? Tap { get; set; }

    /// <summary>Whether nothing at all passes from one node to another; by index.</summary>
    public Func<int, int, bool>? IsCut { get; set; }

    /// <summary>Whether UDP alone is dropped from one node to another.</summary>
    public Func<int, int, bool>? IsUdpCut { get; set; }

    /// <summary>Whether TCP alone fails from one node to another.</summary>
    public Func<int, int, bool>? IsTcpCut { get; set; }
}
