namespace Peili.NodeAgent.Transfers;

/// <summary>How a body's transfer to the client ended.</summary>
internal enum TransferOutcome
{
    /// <summary>Every byte asked for was sent.</summary>
    Complete,

    /// <summary>Nothing was sent: nobody has it, or nobody gave a first byte in time.</summary>
    NotFound,

    /// <summary>Ended in order, short of Content-Length; containerd goes on at that byte elsewhere.</summary>
    ClosedShort,

    /// <summary>The bytes did not have the digest; the last ones were withheld, of a small content all.</summary>
    WrongDigest,

    /// <summary>The client left, or stopped reading.</summary>
    ClientGone,
}
