using Peili.Overlay.Membership;

namespace Peili.Overlay;

/// <summary>Members by what is believed of them.</summary>
public sealed class MemberCounts
{
    private readonly int[] states = new int[Enum.GetValues<MemberState>().Length];

    internal MemberCounts()
    {
    }

    /// <summary>Live ones that answer over TCP alone: a firewall stands between.</summary>
    public int UdpBlocked { get; private set; }

    /// <summary>Live ones that are not offered as holders, because a request to them failed.</summary>
    public int Avoided { get; private set; }

    /// <summary>Those in a state.</summary>
    /// <param name="state">The state.</param>
    public int this[MemberState state] => states[(int)state];

    internal void Add(MemberState state, MemberFlags flags)
    {
        states[(int)state]++;
        if (state is MemberState.Alive or MemberState.Suspect)
        {
            UdpBlocked += flags.HasFlag(MemberFlags.UdpBlocked) ? 1 : 0;
            Avoided += flags.HasFlag(MemberFlags.Avoided) ? 1 : 0;
        }
    }
}
