namespace Peili.NodeAgent.Registry;

/// <summary>What a request is for.</summary>
internal enum RequestKind
{
    /// <summary>A manifest or index, by digest.</summary>
    Manifest,

    /// <summary>A blob.</summary>
    Blob,

    /// <summary>A manifest by a tag, which has to be resolved.</summary>
    Tag,

    /// <summary>No well-formed pull path.</summary>
    Other,
}
