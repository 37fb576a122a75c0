namespace Peili.NodeAgent.ColdStart;

/// <summary>Why a transfer from a node that is still fetching did not go on there.</summary>
internal enum RelayStall
{
    /// <summary>The source ended, failed or fell silent; another one was looked for.</summary>
    SourceLost,

    /// <summary>It was slow, and a tracker let this node go upstream instead.</summary>
    TooSlow,
}
