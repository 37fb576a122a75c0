namespace Peili.NodeAgent.Operations.Page;

/// <summary>Transfers as the page shows them.</summary>
/// <param name="Count">How many go on.</param>
/// <param name="Active">These, the oldest first; a hundred at most.</param>
/// <param name="Relay">This node's part in cold starts.</param>
internal sealed record PageTransfers(int Count, IReadOnlyList<TransferStatus> Active, RelayStatus Relay);
