namespace Peili.NodeAgent.Operations;

/// <summary>What an agent says of itself at <c>/status</c>.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="NodeName">Its node.</param>
/// <param name="NotReady">Why it is not ready; null when it is.</param>
/// <param name="Containerd">The node's containerd.</param>
/// <param name="Overlay">The cluster.</param>
/// <param name="Transfers">Totals.</param>
/// <param name="Relay">Its part in cold starts.</param>
/// <param name="Active">Transfers going on.</param>
/// <param name="Started">When the agent was started.</param>
/// <param name="LastMirrored">When the last transfer between this node and another ended; null for never.</param>
internal sealed record AgentStatus(
    string Version,
    string NodeName,
    string? NotReady,
    ContainerdStatus Containerd,
    OverlayStatus Overlay,
    TransferTotals Transfers,
    RelayStatus Relay,
    IReadOnlyList<TransferStatus> Active,
    DateTimeOffset? Started = null,
    DateTimeOffset? LastMirrored = null);
