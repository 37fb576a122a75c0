namespace Peili.Overlay.ColdStart;

/// <summary>Why a member asks for its role in the fetch of a blob.</summary>
public enum GrantReason
{
    /// <summary>Its containerd has begun to fetch the blob.</summary>
    First = 0,

    /// <summary>Whom it streamed from ended, fell silent or refused, and it knows nobody else.</summary>
    SourceLost = 1,

    /// <summary>Whom it streams from is much slower than the registry used to be: it wants to be an origin too.</summary>
    Escape = 2,
}
