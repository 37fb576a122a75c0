namespace Peili.Overlay.ColdStart;

/// <summary>What a tracker decides.</summary>
internal enum FetchRole
{
    Origin,
    Child,

    /// <summary>Ask again in a moment.</summary>
    Wait,
    Denied,
}
