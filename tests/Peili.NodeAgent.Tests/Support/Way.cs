namespace Peili.NodeAgent.Tests.Support;

/// <summary>Where a content comes from, and who asks for it.</summary>
public enum Way
{
    /// <summary>containerd asks, and this node holds it.</summary>
    Local,

    /// <summary>containerd asks, and a peer holds it.</summary>
    Relayed,

    /// <summary>A peer asks, and this node holds it.</summary>
    Peer,
}
