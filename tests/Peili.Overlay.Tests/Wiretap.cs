using Google.Protobuf;
using Peili.Overlay.Security;
using Peili.Overlay.Simulation;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Tests;

/// <summary>Reads what simulated members send, and sends in their name.</summary>
internal sealed class Wiretap : IDisposable
{
    private readonly Simulation.Simulation simulation;
    private readonly SessionCiphers ciphers = new(256);
    private readonly PacketSeal seal;
    private readonly Dictionary<SimulatedNode, ulong> counters = [];

    public Wiretap(Simulation.Simulation simulation)
    {
        this.simulation = simulation;
        seal = new PacketSeal(simulation.Keys, ciphers);
        simulation.Network.Tap = Note;
    }

    /// <summary>Every datagram that was not lost, and when it was sent, in ticks.</summary>
    public List<(long At, SimulatedNode From, SimulatedNode To, Datagram Message)> Sent { get; } = [];

    /// <summary>Delivers a message at once, under a counter that its sender is about to use.</summary>
    public void Send(SimulatedNode from, SimulatedNode to, Datagram message)
    {
        var record = from.Node!.Core.SelfRecord;
        var header = new PacketHeader
        {
            Version = ProtocolVersion.Current,
            To = to.Node!.Core.SelfRecord.Session,
            From = record.Session,
            Counter = counters[from] = counters.GetValueOrDefault(from) + 1,
        };
        var packet = new byte[Limits.Datagram];
        var length = seal.Seal(header, record.Identity, message.ToByteArray(), packet);
        to.Node.Received(packet.AsSpan(0, length), from.Address);
    }

    public void Dispose() => ciphers.Dispose();

    private void Note(SimulatedNode from, SimulatedNode to, byte[] packet)
    {
        PacketHeader.TryRead(packet, out var header).ShouldBeTrue();
        var opened = new byte[Limits.Datagram];
        seal.TryOpen(header, from.Node!.Core.SelfRecord.Identity, packet, opened, out var length).ShouldBeTrue();
        counters[from] = header.Counter;
        Sent.Add((simulation.Now, from, to, Datagram.Parser.ParseFrom(opened, 0, length)));
    }
}
