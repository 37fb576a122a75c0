namespace Peili.Overlay.Core;

/// <summary>Integer finalizers that spread every bit of the input over the output (the constants are MurmurHash3's).</summary>
internal static class Mix
{
    public static ulong Of(ulong value)
    {
        value ^= value >> 33;
        value *= 0xFF51AFD7ED558CCD;
        value ^= value >> 33;
        value *= 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }

    public static uint Of(uint value)
    {
        value ^= value >> 16;
        value *= 0x85EBCA6B;
        value ^= value >> 13;
        value *= 0xC2B2AE35;
        return value ^ (value >> 16);
    }
}
