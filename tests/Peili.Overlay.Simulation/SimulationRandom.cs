using System.Buffers.Binary;
using Peili.Overlay.Core;

namespace Peili.Overlay.Simulation;

/// <summary>The one source of chance of a simulation: all of it follows from the seed.</summary>
internal sealed class SimulationRandom(ulong seed) : IRandomSource
{
    private ulong state = seed;

    public void Fill(Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Next());
            var length = Math.Min(8, destination.Length);
            word[..length].CopyTo(destination);
            destination = destination[length..];
        }
    }

    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int bound) => (int)(((Next() >> 32) * (uint)bound) >> 32);

    public ulong Next() => Mix.Of(state += 0x9E3779B97F4A7C15);
}
