namespace Peili.Crds;

/// <summary>Where agents serve metrics.</summary>
public sealed record MetricsSpec
{
    /// <summary>
    /// Loopback, the default: at ports.ops of the node's loopback, without authentication. Node: at ports.metrics of the node's address as well, with TLS and a bearer token.
    /// </summary>
    public MetricsMode Mode { get; init; }
}
