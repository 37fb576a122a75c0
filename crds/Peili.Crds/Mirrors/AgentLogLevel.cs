namespace Peili.Crds;

/// <summary>The least severe lines that agents log.</summary>
public enum AgentLogLevel
{
    /// <summary>What changes, once each.</summary>
    Information,

    /// <summary>Every request, too.</summary>
    Debug,

    /// <summary>What may go wrong.</summary>
    Warning,

    /// <summary>What went wrong.</summary>
    Error,
}
