namespace Peili.NodeAgent.Operations;

/// <summary>What an agent says of itself at <c>/status</c>.</summary>
internal sealed record AgentStatus(
    string Version,
    string NodeName,
    ContainerdStatus Containerd,
    IReadOnlyList<SeedStatus> Seeds,
    TransferTotals Transfers,
    IReadOnlyList<TransferStatus> Active);
