namespace Peili.Overlay;

/// <summary>How a node takes part.</summary>
public sealed class OverlayOptions
{
    /// <summary>The most characters a node's name has, as in Kubernetes (RFC 1123).</summary>
    public const int MaximumName = 253;

    /// <summary>The most characters a zone or a version has, as a label's value in Kubernetes.</summary>
    public const int MaximumLabel = 63;

    /// <summary>The node's name, 1 to 253 visible ASCII characters, unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Where peers reach this node, UDP and TCP alike.</summary>
    public required PeerAddress AdvertiseAddress { get; init; }

    /// <summary>The topology zone, at most 63 characters; empty is a zone like any other.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The program's version, at most 63 characters, shown in status.</summary>
    public string Version { get; init; } = "";

    /// <summary>The keys of the cluster; <see cref="ClusterKeys.Insecure"/> for none.</summary>
    public required ClusterKeys Keys { get; init; }

    /// <summary>
    /// Resolves the seeds to addresses: every address of every name. Asked again and again while the node is alone, and every minute
    /// after that, to meet islands that started apart.
    /// </summary>
    public Func<CancellationToken, ValueTask<IReadOnlyList<PeerAddress>>> Seeds { get; init; } =
        static _ => ValueTask.FromResult<IReadOnlyList<PeerAddress>>([]);

    /// <summary>Peers known before the last stop: as good as seeds.</summary>
    public IReadOnlyList<PeerAddress> KnownPeers { get; init; } = [];

    /// <summary>
    /// The epoch of the last start, 0 if there was none. This start's is higher, whatever the clock says; keep
    /// <see cref="OverlayNode.Epoch"/> for the next.
    /// </summary>
    public ulong PersistedEpoch { get; init; }
}
