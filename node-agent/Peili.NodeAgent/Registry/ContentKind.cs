namespace Peili.NodeAgent.Registry;

/// <summary>The two kinds of content a registry serves.</summary>
internal enum ContentKind
{
    /// <summary>An index, an image manifest or an artifact manifest.</summary>
    Manifest,

    /// <summary>A layer, an image configuration, or anything else that is fetched by its digest.</summary>
    Blob,
}
