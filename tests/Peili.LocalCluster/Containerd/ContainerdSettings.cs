namespace Peili.LocalCluster.Containerd;

/// <summary>What a node's containerd configuration can differ in, besides its version.</summary>
public sealed record ContainerdSettings
{
    /// <summary>Whether a namespace sees only the content it fetched itself (content_sharing_policy = "isolated").</summary>
    public bool IsolatedContent { get; init; }

    /// <summary>Whether layers are dropped from the content store once unpacked (discard_unpacked_layers).</summary>
    public bool DiscardUnpackedLayers { get; init; }

    /// <summary>
    /// From 512 bytes on, a layer is fetched in chunks of this size over parallel connections (concurrent_layer_fetch_buffer).
    /// Containerd 2.1 alone knows it.
    /// </summary>
    public int ConcurrentLayerFetchBuffer { get; init; }

    /// <summary>Tables to append to the configuration file. A table that is there already cannot be opened again.</summary>
    public string ExtraToml { get; init; } = "";
}
