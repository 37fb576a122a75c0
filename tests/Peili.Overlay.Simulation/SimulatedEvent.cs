using System.Runtime.InteropServices;

namespace Peili.Overlay.Simulation;

/// <summary>Something that happens at a time: a datagram arrives, a timer fires, or an action runs.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SimulatedEvent(SimulatedNode? Node, byte[]? Packet, int Length, int From, uint Generation, Action? Action);
