namespace Peili.Operator.Page;

/// <summary>A node's part in the fetch of a blob.</summary>
internal enum RelayNodeRole
{
    /// <summary>Its containerd fetches it from upstream.</summary>
    Origin,

    /// <summary>Others stream from it, and it does not say that it fetches: it holds the blob, or its agent is of a version that does not tell.</summary>
    Source,

    /// <summary>It streams from another node.</summary>
    Child,
}
