using System.Net;

namespace Peili.NodeAgent.Peers;

/// <summary>Another node's agent, by the address of its peer endpoint.</summary>
internal readonly record struct Peer(IPEndPoint Address)
{
    public override string ToString() => Address.ToString();
}
