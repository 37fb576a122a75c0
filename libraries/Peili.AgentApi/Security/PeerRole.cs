namespace Peili.AgentApi.Security;

/// <summary>What a peer's certificate says it is.</summary>
public enum PeerRole
{
    /// <summary><c>spiffe://peili.dev/agent</c>: may pull and take part in the overlay.</summary>
    Agent,

    /// <summary><c>spiffe://peili.dev/operator</c>: may ask for status and give orders as well.</summary>
    Operator,
}
