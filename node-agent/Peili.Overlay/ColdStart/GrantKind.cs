namespace Peili.Overlay.ColdStart;

/// <summary>A member's role in the fetch of a blob.</summary>
public enum GrantKind
{
    /// <summary>No tracker could be asked, or the time was over: this node goes upstream, as it would without Peili.</summary>
    None = 0,

    /// <summary>This node fetches from upstream; others stream from it while it does.</summary>
    Origin = 1,

    /// <summary>This node streams from one of the candidates, while they fetch or from what they hold.</summary>
    Child = 2,

    /// <summary>The wish for an escape is refused: another one was granted a moment ago.</summary>
    Denied = 3,
}
