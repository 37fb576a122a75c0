using System.Net;

namespace Peili.NodeAgent.Peers;

/// <summary>Another node's agent.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Address">Of its peer endpoint.</param>
internal readonly record struct Peer(string Name, IPEndPoint Address)
{
    public override string ToString() => $"{Name} ({Address})";
}
