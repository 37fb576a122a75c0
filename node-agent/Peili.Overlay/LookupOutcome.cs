namespace Peili.Overlay;

/// <summary>How a lookup ended.</summary>
public enum LookupOutcome
{
    /// <summary>There is at least one candidate.</summary>
    Found,

    /// <summary>Two trackers say that nobody has it.</summary>
    NotFound,

    /// <summary>Too few trackers answered to tell, and nobody who was asked directly has it.</summary>
    Unsure,
}
