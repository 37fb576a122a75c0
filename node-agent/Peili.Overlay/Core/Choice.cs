namespace Peili.Overlay.Core;

/// <summary>The overlay's choices among peers: SplitMix64, eight bytes of state, seeded from the random source. Not for secrets.</summary>
internal struct Choice(ulong seed)
{
    private ulong state = seed;

    /// <summary>A number from 0 up to, not including, the bound.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (uint)bound) >> 32);

    /// <summary>A duration in ticks from zero up to the bound.</summary>
    public long Below(TimeSpan bound) => (long)((Next() >> 11) * (1.0 / (1UL << 53)) * bound.Ticks);

    private ulong Next() => Mix.Of(state += 0x9E3779B97F4A7C15);
}
