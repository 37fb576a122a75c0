namespace Peili.Overlay.ColdStart;

/// <summary>What a parent says to a child.</summary>
public enum AdmissionVerdict
{
    /// <summary>It may stream.</summary>
    Admitted,

    /// <summary>This node streams from the child already, whether directly or not; or the tree would be too deep.</summary>
    Loop,

    /// <summary>There are as many as can be served well.</summary>
    Full,
}
