using System.Runtime.InteropServices;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Registry;

/// <summary>How a request was answered.</summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Error">What is still to be written; null when the answer went out.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Answer(RequestOutcome Outcome, RegistryError? Error = null)
{
    /// <summary>404: it is not here.</summary>
    public static Answer Missing(RegistryPath path, string reason) => new(RequestOutcome.Miss, RegistryError.Unknown(path, reason));

    /// <summary>The answer that a transfer was.</summary>
    public static Answer Of(TransferOutcome outcome) => new(outcome switch
    {
        TransferOutcome.Complete => RequestOutcome.Hit,
        TransferOutcome.NotFound => RequestOutcome.Miss,
        TransferOutcome.ClientGone => RequestOutcome.Abandoned,
        _ => RequestOutcome.Failure,
    });
}
