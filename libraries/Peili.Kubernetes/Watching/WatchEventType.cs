namespace Peili.Kubernetes.Watching;

/// <summary>What a watch tells.</summary>
public enum WatchEventType
{
    /// <summary>An object is there that was not.</summary>
    Added,

    /// <summary>An object is another than before.</summary>
    Modified,

    /// <summary>An object is gone; it is given as it last was.</summary>
    Deleted,

    /// <summary>Nothing happened up to this version.</summary>
    Bookmark,

    /// <summary>The watch cannot go on.</summary>
    Error,
}
