namespace Peili.Crds;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>The node does not pull from peers.</summary>
    Error,

    /// <summary>It pulls from peers, but something is missing or will go wrong.</summary>
    Warning,

    /// <summary>Good to know; nothing has to be done.</summary>
    Information,
}
