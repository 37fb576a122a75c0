namespace Peili.Crds;

/// <summary>Where agents serve metrics.</summary>
public enum MetricsMode
{
    /// <summary>On the node's loopback alone, without authentication.</summary>
    Loopback,

    /// <summary>On the node's address as well, with TLS and a bearer token.</summary>
    Node,
}
