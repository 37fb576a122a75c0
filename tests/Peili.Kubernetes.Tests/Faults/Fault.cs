namespace Peili.Kubernetes.Tests.Faults;

/// <summary>What can befall a request.</summary>
internal enum Fault
{
    None,

    /// <summary>409: somebody else wrote.</summary>
    Conflict,

    /// <summary>410: the version, or the list's next page, is too old.</summary>
    Gone,

    /// <summary>429 with Retry-After.</summary>
    Busy,

    /// <summary>500, and nothing was done.</summary>
    Broken,

    /// <summary>500, and it was done.</summary>
    Unsaid,

    /// <summary>The connection stands, and no answer comes.</summary>
    Silent,

    /// <summary>A watch is cut after a second.</summary>
    Cut,

    /// <summary>A watch is cut after a second in the middle of an event.</summary>
    CutShort,

    /// <summary>A watch ends after a second with an event that its version is too old.</summary>
    GoneLater,

    /// <summary>A watch ends after a second with an event that something is wrong with the server.</summary>
    BrokenLater,
}
