namespace Peili.Overlay;

/// <summary>
/// Which members track a slot, as a versioned rule: all must compute the same, so the lowest version that a placed member knows is
/// used. There is one so far.
/// </summary>
internal static class PlacementRule
{
    /// <summary>Rendezvous over ready members, r = 3, not all in one zone, zone spread bounded by load.</summary>
    public const byte Current = 1;

    /// <summary>Trackers of a slot.</summary>
    public const int Replicas = 3;

    /// <summary>A member index that is nobody.</summary>
    public const ushort Nobody = ushort.MaxValue;
}
