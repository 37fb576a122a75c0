namespace Peili.NodeAgent.Membership;

/// <summary>What survives a restart under <c>--state-path</c>, in <c>overlay.json</c>.</summary>
/// <param name="Epoch">The epoch of the last start; the next one's is higher.</param>
/// <param name="Zone">The zone of the last start.</param>
/// <param name="Peers">Addresses (ip:port) of the members that were alive last.</param>
internal sealed record OverlayState(ulong Epoch, string Zone, IReadOnlyList<string> Peers)
{
    /// <summary>Nothing known: a first start.</summary>
    public static OverlayState Empty { get; } = new(0, string.Empty, []);
}
