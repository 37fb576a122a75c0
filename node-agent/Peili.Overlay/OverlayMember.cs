namespace Peili.Overlay;

/// <summary>What this node knows of one member.</summary>
/// <param name="Name">Its node name.</param>
/// <param name="Address">Where it is reached.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Version">Its program's version.</param>
/// <param name="Epoch">Which start of it this is: milliseconds since 1970, or more where a clock went back.</param>
/// <param name="Incarnation">Goes up, within an epoch, when its status changes, when it refutes a suspicion, and with <see cref="OverlayNode.TellOfChange"/>.</param>
/// <param name="State">What this node believes of it.</param>
/// <param name="Status">What it says of itself.</param>
/// <param name="UdpBlocked">Whether it answers over TCP but not over UDP: a firewall stands between the two nodes.</param>
/// <param name="Avoided">Whether requests to it failed and it has not answered a TCP probe since.</param>
public sealed record OverlayMember(
    string Name,
    PeerAddress Address,
    string Zone,
    string Version,
    ulong Epoch,
    uint Incarnation,
    MemberState State,
    MemberStatus Status,
    bool UdpBlocked,
    bool Avoided)
{
    /// <summary>Whether it takes part, as far as this node knows.</summary>
    public bool IsLive => State is MemberState.Alive or MemberState.Suspect;
}
